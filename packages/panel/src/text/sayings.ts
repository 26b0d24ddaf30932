/**
 * What the Master says by itself of states, as templates: English, then French and Chinese. Its sentences are English
 * on every surface (command line, API, notifications); the panel recognises them by these (`saying.ts`). Names, error
 * messages and what promises say stay as they are.
 */
export const sayings: Readonly<Record<string, readonly [french: string, chinese: string]>> = {
  // How sentences stand together. Without letters of their own: they apply only where a part of them is known.
  '{sentence}.': ['{sentence}.', '{sentence}。'],
  '{sentence}. {others}': ['{sentence}. {others}', '{sentence}。{others}'],
  '{part}; {others}': ['{part} ; {others}', '{part}；{others}'],
  '{part}: {reason}': ['{part} : {reason}', '{part}：{reason}'],
  ': {reason}': [' : {reason}', '：{reason}'],
  '{part} (and {count} more)': ['{part} (et {count} de plus)', '{part}（另有 {count} 个）'],
  'and {count} more': ['et {count} de plus', '另有 {count} 个'],

  // Times and places.
  '{count} s': ['{count} s', '{count} 秒'],
  '{count} min': ['{count} min', '{count} 分钟'],
  '{count} h': ['{count} h', '{count} 小时'],
  '{count} days': ['{count} jours', '{count} 天'],
  ' for a moment': [' depuis un instant', '，刚刚开始'],
  ' for one minute': [' depuis une minute', '，已 1 分钟'],
  ' for one hour': [' depuis une heure', '，已 1 小时'],
  ' for one day': [' depuis un jour', '，已 1 天'],
  ' for {count} seconds': [' depuis {count} secondes', '，已 {count} 秒'],
  ' for {count} minutes': [' depuis {count} minutes', '，已 {count} 分钟'],
  ' for {count} hours': [' depuis {count} heures', '，已 {count} 小时'],
  ' for {count} days': [' depuis {count} jours', '，已 {count} 天'],
  ' on {computer}': [' sur {computer}', '（位于 {computer}）'],
  ' from {computer}': [' de {computer}', '（从 {computer}）'],

  // Reasons of a state.
  'the node has not contacted the Master yet': [
    'le serveur n’a pas encore contacté le Master',
    '服务器尚未联系 Master',
  ],
  'no contact for {age}': ['aucun contact depuis {age}', '已失联 {age}'],
  'the node has not begun yet': ['le serveur n’a pas encore commencé', '服务器尚未开始'],
  'waits for the node: {reason}': ['attend le serveur : {reason}', '等待服务器：{reason}'],
  'waits for its node: {reason}': ['attend son serveur : {reason}', '等待所在服务器：{reason}'],
  'its node: {reason}': ['son serveur : {reason}', '所在服务器：{reason}'],
  'it has no partition yet': ['il n’a pas encore de partition', '尚无分区'],
  'it is stopped: it gets a partition when it is started': [
    'il est arrêté : il recevra une partition à son démarrage',
    '已停止：启动时将获得分区',
  ],
  'the host has not published anything for it yet': [
    'l’hôte n’a encore rien publié pour lui',
    '宿主尚未为其发布任何内容',
  ],
  'it is not built yet': ['elle n’est pas encore construite', '尚未构建'],
  'it is being built': ['elle est en construction', '正在构建'],
  'its build failed': ['sa construction a échoué', '构建失败'],
  'it is being removed': ['elle est en cours de suppression', '正在移除'],
  'step {count} of {total}: {phase}': ['étape {count} sur {total} : {phase}', '第 {count} 步，共 {total} 步：{phase}'],
  'the process {process} keeps ending and is started again': [
    'le processus {process} s’arrête sans cesse et est relancé',
    '进程 {process} 反复退出并被重新启动',
  ],
  'the process {process} ended too often and is no longer started': [
    'le processus {process} s’est arrêté trop souvent et n’est plus relancé',
    '进程 {process} 退出次数过多，不再启动',
  ],
  'the process {process} has ended': ['le processus {process} s’est arrêté', '进程 {process} 已退出'],
  'the process {process} is stopped': ['le processus {process} est arrêté', '进程 {process} 已停止'],
  '{process} keeps failing': ['{process} échoue sans cesse', '{process} 反复失败'],
  'the process {process} is {word}': ['le processus {process} : {word}', '进程 {process}：{word}'],

  // Why nothing is allocated.
  'no node can host it: {candidate} {refusal}': [
    'aucun serveur ne peut l’héberger : {candidate} {refusal}',
    '没有服务器可以承载：{candidate} {refusal}',
  ],
  'no instance can host it: {candidate} {refusal}': [
    'aucune instance ne peut l’héberger : {candidate} {refusal}',
    '没有实例可以承载：{candidate} {refusal}',
  ],
  'no node can host it: {candidate} does not exist or is not shared with {project}': [
    'aucun serveur ne peut l’héberger : {candidate} n’existe pas ou n’est pas partagé avec {project}',
    '没有服务器可以承载：{candidate} 不存在或未与 {project} 共享',
  ],
  'no node is usable by {project}: register one, or have one shared with the project': [
    '{project} ne peut utiliser aucun serveur : enregistrez-en un, ou faites-en partager un avec le projet',
    '{project} 没有可用的服务器：请注册一个，或让他人与项目共享一个',
  ],
  'no instance of {release} ({type}) is there to host it': [
    'aucune instance de {release} ({type}) n’est là pour l’héberger',
    '没有可承载它的 {release}（{type}）实例',
  ],
  'no instance of {release} ({type}) is there to host it: {candidate} is none': [
    'aucune instance de {release} ({type}) n’est là pour l’héberger : {candidate} n’en est pas une',
    '没有可承载它的 {release}（{type}）实例：{candidate} 不是',
  ],
  'and {count} more that cannot either': [
    'et {count} autres qui ne le peuvent pas non plus',
    '另有 {count} 个同样不行',
  ],
  'has not contacted the Master yet': ['n’a pas encore contacté le Master', '尚未联系 Master'],
  'is silent since {time}': ['est silencieux depuis {time}', '自 {time} 起无响应'],
  'is asked for in {project}, not {other}': [
    'est demandé dans {project}, pas {other}',
    '应在 {project} 中，而不是 {other}',
  ],
  'is not {other}': ['n’est pas {other}', '不是 {other}'],
  'is not in network {network}': ['n’est pas dans le réseau {network}', '不在网络 {network} 中'],
  'belongs to no network': ['n’appartient à aucun réseau', '不属于任何网络'],
  'is in {network}, where this service already has an instance': [
    'est dans {network}, où ce service a déjà une instance',
    '位于 {network}，该服务在其中已有实例',
  ],
  'has no {key} (asked: {value})': ['n’a pas de {key} (demandé : {value})', '没有 {key}（要求：{value}）'],
  'has {key} {value}, not {other}': ['a {key} {value}, pas {other}', '{key} 为 {value}，而不是 {other}'],
  'is closed ({scope})': ['est fermé ({scope})', '已关闭（{scope}）'],
  'lacks {release}': ['n’a pas {release}', '缺少 {release}'],
  'lacks {release} (available: {available})': [
    'n’a pas {release} (disponibles : {available})',
    '缺少 {release}（可用：{available}）',
  ],
  'has no IPv6, which {release} needs': ['n’a pas d’IPv6, dont {release} a besoin', '没有 {release} 所需的 IPv6'],
  'has reached its capacity ({count})': ['a atteint sa capacité ({count})', '已达到容量上限（{count}）'],
  'has no free partition': ['n’a pas de partition libre', '没有空闲分区'],
  'has no free partition with capability {capability}': [
    'n’a pas de partition libre avec la capacité {capability}',
    '没有具备能力 {capability} 的空闲分区',
  ],
  'has only free partitions with special capabilities': [
    'n’a que des partitions libres à capacités particulières',
    '仅有带特殊能力的空闲分区',
  ],
  'runs on {computer}, which {refusal}': ['est sur {computer}, qui {refusal}', '运行在 {computer} 上，而它 {refusal}'],

  // Why nothing is published.
  'Nothing is published yet: the service runs, and has not told its parameters so far.': [
    'Rien n’est encore publié : le service fonctionne et n’a pas encore communiqué ses paramètres.',
    '尚未发布任何内容：服务正在运行，但还没有告知其参数。',
  ],
  'Not published: the service is stopped.': ['Non publié : le service est arrêté.', '未发布：服务已停止。'],
  'Not published yet. The service is {word}{because}.': [
    'Pas encore publié. État du service : {word}{because}.',
    '尚未发布。服务状态：{word}{because}。',
  ],
  'Not published yet. The slave is {word}{because}.': [
    'Pas encore publié. État de l’esclave : {word}{because}.',
    '尚未发布。从属实例状态：{word}{because}。',
  ],

  // "Why?": a service.
  '{name} is running{on}, as asked; it has been deployed{for}, and nothing that is checked fails': [
    '{name} fonctionne{on}, comme demandé ; il est déployé{for}, et rien de ce qui est vérifié n’échoue',
    '{name} 正按要求运行{on}；已部署{for}；所有检查均正常',
  ],
  '{name} has been served by its host{for}': ['{name} est servi par son hôte{for}', '{name} 已由宿主提供服务{for}'],
  '{name} has been stopped{for}, as asked{because}': [
    '{name} est arrêté{for}, comme demandé{because}',
    '{name} 已按要求停止{for}{because}',
  ],
  '{name} has been starting{on}{for}': ['{name} démarre{on}{for}', '{name} 正在启动{for}{on}'],
  '{name} has been stopping{on}{for}': ['{name} s’arrête{on}{for}', '{name} 正在停止{for}{on}'],
  '{name} is being removed{from}{because}': [
    '{name} est en cours de suppression{from}{because}',
    '{name} 正在移除{from}{because}',
  ],
  '{name} has been waiting for a place{for}{because}': [
    '{name} attend une place{for}{because}',
    '{name} 等待分配{for}{because}',
  ],
  '{name} has been waiting for its release{for}{because}': [
    '{name} attend sa version logicielle{for}{because}',
    '{name} 等待其软件版本{for}{because}',
  ],
  '{name} has been waiting for its host{for}{because}': [
    '{name} attend son hôte{for}{because}',
    '{name} 等待其宿主{for}{because}',
  ],
  '{name} has been failing to start{on}{for}{because}': [
    '{name} ne parvient pas à démarrer{on}{for}{because}',
    '{name} 启动失败{for}{on}{because}',
  ],
  '{name} has been failing to stop{on}{for}{because}': [
    '{name} ne parvient pas à s’arrêter{on}{for}{because}',
    '{name} 停止失败{for}{on}{because}',
  ],
  '{name} is deployed{on}, but has been unhealthy{for}{because}': [
    '{name} est déployé{on}, mais en mauvais état{for}{because}',
    '{name} 已部署{on}，但状态异常{for}{because}',
  ],
  '{name} cannot be seen, because its node {computer} is out of reach: {reason}': [
    '{name} n’est pas visible, car son serveur {computer} est injoignable : {reason}',
    '无法查看 {name}，因为其服务器 {computer} 无法联系：{reason}',
  ],
  '{name} has been refused by its host{for}{because}': [
    '{name} est refusé par son hôte{for}{because}',
    '{name} 被宿主拒绝{for}{because}',
  ],
  '{name} is destroyed': ['{name} est détruit', '{name} 已销毁'],
  '{name} is empty': ['{name} est vide', '{name} 为空'],
  '{name} was asked to be {word}, but {count} of its {total} instances is not well: {reason}': [
    '{name} (demandé : {word}) : {count} de ses {total} instances ne va pas bien : {reason}',
    '{name}（要求：{word}）的 {total} 个实例中有 {count} 个异常：{reason}',
  ],
  '{name} was asked to be {word}, but {count} of its {total} instances are not well: {reason}': [
    '{name} (demandé : {word}) : {count} de ses {total} instances ne vont pas bien : {reason}',
    '{name}（要求：{word}）的 {total} 个实例中有 {count} 个异常：{reason}',
  ],

  // "Why?": a node.
  '{name} has been connected{for}': ['{name} est connecté{for}', '{name} 已连接{for}'],
  '{name} has not contacted the Master yet': ['{name} n’a pas encore contacté le Master', '{name} 尚未联系 Master'],
  '{name} is lost: {reason}': ['{name} est perdu : {reason}', '{name} 失去联系：{reason}'],
  '{name} is late: {reason}': ['{name} est en retard : {reason}', '{name} 延迟：{reason}'],
  '{name}: error{for}{because}': ['{name} : erreur{for}{because}', '{name}：错误{for}{because}'],
  '{name}: in maintenance{for}{because}': ['{name} : en maintenance{for}{because}', '{name}：维护中{for}{because}'],

  // What to do.
  'There is nothing to do': ['Il n’y a rien à faire', '无需任何操作'],
  'It goes on by itself': ['Cela continue tout seul', '将自动继续'],
  'Request it with state started to run it again': [
    'Demandez-le avec l’état « démarré » pour le relancer',
    '以“已启动”状态请求即可再次运行',
  ],
  'Supply {release} to a server: it is placed by itself then': [
    'Fournissez {release} à un serveur : il sera alors placé tout seul',
    '向某台服务器供应 {release}：随后会自动分配',
  ],
  'It is placed by itself as soon as a server fits': [
    'Il est placé tout seul dès qu’un serveur convient',
    '一旦有合适的服务器就会自动分配',
  ],
  'The build is tried again by itself; when the release is at fault, mend it or request another one': [
    'La construction est retentée toute seule ; si la version est en cause, corrigez-la ou demandez-en une autre',
    '构建会自动重试；如果是软件版本的问题，请修复它或请求另一个版本',
  ],
  'Its promises and logs show what is wrong; it is neither rebuilt nor restarted for that': [
    'Ses promesses et ses journaux montrent ce qui ne va pas ; il n’est ni reconstruit ni redémarré pour cela',
    '其承诺和日志会显示问题所在；不会因此重新构建或重启',
  ],
  'The node tries again by itself; the log of the instance has the whole message': [
    'Le serveur réessaie tout seul ; le journal de l’instance contient le message entier',
    '服务器会自动重试；实例日志中有完整信息',
  ],
  'Look whether the machine is on and reaches the Master; what runs there goes on running': [
    'Vérifiez que la machine est allumée et atteint le Master ; ce qui y tourne continue de tourner',
    '请检查机器是否开机并能连到 Master；其上运行的内容会继续运行',
  ],
  'Look whether the machine is on and reaches the Master; `slapos node status` on it says more': [
    'Vérifiez que la machine est allumée et atteint le Master ; `slapos node status` sur elle en dit plus',
    '请检查机器是否开机并能连到 Master；在其上运行 `slapos node status` 可了解更多',
  ],
  'Its services go on running meanwhile': ['Ses services continuent de tourner entre-temps', '其间它的服务会继续运行'],
  'Paste the line of its token on the machine, then run `slapos node format --now` there': [
    'Collez la ligne de son jeton sur la machine, puis lancez-y `slapos node format --now`',
    '在机器上粘贴其令牌的命令行，然后在那里运行 `slapos node format --now`',
  ],
  'Correct the parameters and request it again': [
    'Corrigez les paramètres et demandez-le à nouveau',
    '请更正参数后重新请求',
  ],
  'Open its processes to see which one and why': [
    'Ouvrez ses processus pour voir lequel et pourquoi',
    '打开其进程查看是哪一个以及原因',
  ],

  // Why something is refused.
  'it is empty': ['il est vide', '内容为空'],
  'it is longer than {count} characters': ['il dépasse {count} caractères', '超过 {count} 个字符'],
  'it holds control characters': ['il contient des caractères de contrôle', '含有控制字符'],
  'it is no address': ['ce n’est pas une adresse', '不是地址'],
  'it does not exist': ['il n’existe pas', '不存在'],
  'it is not JSON': ['ce n’est pas du JSON', '不是 JSON'],
  'its URL is empty or too long': ['son URL est vide ou trop longue', '其 URL 为空或过长'],
  'it is outside the directories of releases': ['il est hors des dossiers de versions', '不在版本目录之内'],
  'this Master reads no releases from its own disk': [
    'ce Master ne lit pas de versions sur son propre disque',
    '此 Master 不从自己的磁盘读取版本',
  ],
  'the software release': ['la version de logiciel', '软件版本'],
  'the software type': ['le type de logiciel', '软件类型'],
  'the state': ['l’état', '状态'],
  'the parameter {name}': ['le paramètre {name}', '参数 {name}'],
  'a node like COMP-1': ['un serveur comme COMP-1', '形如 COMP-1 的服务器'],
  'an instance like SOFTINST-1': ['une instance comme SOFTINST-1', '形如 SOFTINST-1 的实例'],
  'a network like NET-1': ['un réseau comme NET-1', '形如 NET-1 的网络'],
  'a project like PROJ-1': ['un projet comme PROJ-1', '形如 PROJ-1 的项目'],
  'a number of days': ['un nombre de jours', '天数'],
  'a slave': ['un esclave', '从属'],
  'an instance, not a slave': ['une instance, non un esclave', '实例（而非从属）'],
}
