/**
 * What the Master refuses, by its error code: French (what, what to do), then Chinese. English is what the Master itself
 * says; a code that is missing here is shown in English.
 */
export const refusals: Readonly<
  Record<string, readonly [french: readonly [string, string], chinese: readonly [string, string]]>
> = {
  OFFLINE: [
    ['le Master ne répond pas', ''],
    ['Master 没有响应', ''],
  ],
  INTERNAL: [
    ['le Master a échoué ; son journal en dit plus', ''],
    ['Master 出现故障；其日志有更多信息', ''],
  ],
  FST_ERR_VALIDATION: [
    ['le Master n’accepte pas cette demande : {message}', 'Corrigez-la et répétez.'],
    ['Master 不接受此请求：{message}', '请更正后重试。'],
  ],
  DATABASE_UNWRITABLE: [
    [
      'la base de données ne peut pas être écrite : {reason}',
      'Rien de cette demande n’a été gardé ; faites de la place sur le disque, puis répétez-la.',
    ],
    ['数据库无法写入：{reason}', '此请求的内容均未保存；请在磁盘上腾出空间后重试。'],
  ],
  CALLER_GONE: [
    [
      '{caller} n’existe pas ou a été désactivé',
      'Demandez à un propriétaire du projet de vous laisser entrer à nouveau.',
    ],
    ['{caller} 不存在或已被停用', '请项目所有者重新让您加入。'],
  ],
  NOT_FOUND: [
    ['{what} est introuvable', 'Vérifiez son nom, et que vous êtes membre de son projet.'],
    ['找不到 {what}', '请检查其名称，以及您是否为其项目成员。'],
  ],
  NOT_ALLOWED: [
    ['vous ne pouvez pas faire {action} sur {what}', 'Il faut être : {who}.'],
    ['您不能对 {what} 执行 {action}', '需要：{who}。'],
  ],
  SCOPE_TOO_SMALL: [
    ['ce jeton d’API ne permet pas {action}', 'Créez un jeton avec la portée « {needed} ».'],
    ['此 API 令牌不允许 {action}', '请创建权限范围为“{needed}”的令牌。'],
  ],
  PROJECT_TOKEN: [
    [
      'ce jeton d’API n’est que pour {project}, et {action} va au-delà',
      'Créez un jeton qui n’est pas lié à un projet, ou connectez-vous.',
    ],
    ['此 API 令牌仅用于 {project}，而 {action} 超出其范围', '请创建不限定项目的令牌，或登录。'],
  ],
  TITLE_INVALID: [
    ['le titre {title} ne peut pas servir : {reason}', 'Choisissez un titre de 1 à 200 caractères imprimables.'],
    ['标题 {title} 不可用：{reason}', '请选择 1 到 200 个可打印字符的标题。'],
  ],
  VALUE_INVALID: [
    ['{name} n’est pas acceptable : {reason}', 'Corrigez et répétez.'],
    ['{name} 不可接受：{reason}', '请更正后重试。'],
  ],
  PROJECT_UNCLEAR: [
    ['la demande ne nomme aucun projet et les vôtres sont {projects}', 'Nommez-en un : project_guid=PROJ-n.'],
    ['请求未指明项目，而您的项目有 {projects}', '请指明一个：project_guid=PROJ-n。'],
  ],
  SLA_KEY: [
    ['la condition de placement {key} n’existe pas', 'Conditions connues : {known}.'],
    ['放置条件 {key} 不存在', '已知条件：{known}。'],
  ],
  SLA_VALUE: [
    ['la condition {key}={value} ne peut être satisfaite par aucun nœud', 'Donnez {meaning}.'],
    ['条件 {key}={value} 没有节点可以满足', '请给出{meaning}。'],
  ],
  KIND_SWITCH: [
    ['{title} existe déjà comme {kind}', 'Détruisez-le avant de demander l’autre sorte sous ce titre.'],
    ['{title} 已作为{kind}存在', '请先销毁它，再以该标题请求另一种。'],
  ],
  ROOT_REQUESTED: [
    ['{title} est la racine de l’arbre, une instance ne peut pas la demander', 'Utilisez un autre titre.'],
    ['{title} 是树的根，实例不能请求它', '请使用其他标题。'],
  ],
  CYCLE: [
    [
      '{title} demande {requester}, directement ou non, qui ne peut pas le demander à son tour',
      'Utilisez un autre titre, ou laissez une autre instance le demander.',
    ],
    ['{title} 直接或间接请求了 {requester}，后者不能反过来请求它', '请使用其他标题，或由其他实例请求。'],
  ],
  DISCONNECTED: [
    [
      '{requester} n’est plus relié à la racine de son arbre',
      'Il n’y a rien à faire : il est ramassé, ou redemandé d’abord par une autre instance.',
    ],
    ['{requester} 已不再与其树的根相连', '无需操作：它会被回收，或先被其他实例再次请求。'],
  ],
  REQUESTER_DESTROYED: [
    [
      '{requester} est en cours de destruction et ne peut pas demander {title}',
      'Demandez-le depuis une autre instance de l’arbre.',
    ],
    ['{requester} 正在被销毁，无法请求 {title}', '请从树中的其他实例请求它。'],
  ],
  TITLE_IN_USE: [
    ['le titre {title} sert déjà dans {where}', 'Choisissez un autre titre.'],
    ['标题 {title} 已在 {where} 中使用', '请选择其他标题。'],
  ],
  LIMIT_INVALID: [
    ['la limite n’est pas posée : {reason}', 'Voyez `slapos master limit list`.'],
    ['未设置限制：{reason}', '请参阅 `slapos master limit list`。'],
  ],
  LIMIT_REACHED: [
    [
      'la limite {limit} de {where} est atteinte ({value})',
      'Utilisez-en moins, ou faites-la relever par l’administrateur avec `slapos master limit set`.',
    ],
    ['{where} 的限制 {limit} 已达到（{value}）', '请减少使用，或由管理员用 `slapos master limit set` 提高。'],
  ],
  DESTROY_NOT_ASKED: [
    ['{what} a été dit détruit mais personne n’a demandé sa destruction', 'Demandez d’abord sa destruction.'],
    ['{what} 被报告为已销毁，但没有人请求销毁它', '请先请求销毁。'],
  ],
  COMPUTER_BUSY: [
    ['{computer} porte encore {count} instances', 'Détruisez-les d’abord, puis retirez-le.'],
    ['{computer} 上仍有 {count} 个实例', '请先销毁它们，再移除它。'],
  ],
  LAST_OWNER: [
    ['{project} n’aurait plus de propriétaire', 'Donnez-lui d’abord un autre propriétaire.'],
    ['{project} 将没有所有者', '请先让其他人成为所有者。'],
  ],
  FETCH_REFUSED: [
    [
      '{url} n’est pas récupéré : {reason}',
      'Publiez la version à une adresse https publique, ou faites autoriser celle-ci par un opérateur.',
    ],
    ['未获取 {url}：{reason}', '请在公共 https 地址发布该版本，或由操作员允许此地址。'],
  ],
  FETCH_FAILED: [
    ['{url} n’a pas pu être récupéré : {reason}', 'Vérifiez l’adresse, puis réessayez.'],
    ['无法获取 {url}：{reason}', '请检查地址后重试。'],
  ],
  RELEASE_UNDESCRIBED: [
    [
      '{url} ne se décrit pas : ni release.json ni software.cfg.json ne s’y trouvent',
      'Vérifiez l’adresse ; une version peut aussi être demandée sans description.',
    ],
    ['{url} 没有描述：那里既没有 release.json 也没有 software.cfg.json', '请检查地址；没有描述的版本仍可请求。'],
  ],
  SCHEMA_REFUSED: [
    [
      'le schéma {url} ne peut pas servir : {reason}',
      'Corrigez-le dans la version et ajoutez-la à nouveau ; entre-temps les paramètres se donnent sans formulaire.',
    ],
    ['模式 {url} 无法使用：{reason}', '请在版本中更正并重新添加；其间可不用表单提供参数。'],
  ],
  SESSION_NEEDED: [
    ['il faut être connecté', 'Connectez-vous.'],
    ['需要登录', '请登录。'],
  ],
  CSRF_REFUSED: [
    ['la demande ne porte pas le jeton de cette session', 'Rechargez la page.'],
    ['请求未携带此会话的令牌', '请重新加载页面。'],
  ],
  ROLE_TOO_SMALL: [
    ['seuls {roles} du projet peuvent faire cela', 'Demandez à l’un d’eux.'],
    ['只有项目的 {roles} 可以这样做', '请向其中一位提出。'],
  ],
  NOT_THERE: [
    ['{what} n’existe pas, ou n’est pas à vous', 'Il a peut-être été retiré entre-temps ; regardez dans sa liste.'],
    ['{what} 不存在，或不属于您', '它可能已被移除；请查看其列表。'],
  ],
  MEMBER_ALREADY: [
    [
      'vous êtes déjà membre de ce projet',
      'Donnez l’invitation à quelqu’un d’autre ; un propriétaire change les rôles sous Paramètres, Personnes.',
    ],
    ['您已是此项目的成员', '请把邀请给其他人；所有者可在“设置 → 人员”中更改角色。'],
  ],
  INVITER_LEFT: [
    ['l’auteur de cette invitation ne peut plus inviter', 'Demandez-en une autre à un propriétaire du projet.'],
    ['发出此邀请的人已不能再邀请', '请向项目所有者另要一份。'],
  ],
  CHANGED_MEANWHILE: [
    ['quelqu’un a changé {what} après que vous l’avez ouvert', 'Regardez l’état présent, puis enregistrez à nouveau.'],
    ['您打开 {what} 之后有人更改了它', '请查看当前状态，然后再次保存。'],
  ],
  VERSION_NEEDED: [
    ['un changement a besoin de la version dont il part', 'Rechargez la page.'],
    ['更改需要其所基于的版本', '请重新加载页面。'],
  ],
  TITLE_TAKEN: [
    ['un service avec le titre {title} existe déjà', 'Choisissez un autre titre, ou changez le service existant.'],
    ['标题为 {title} 的服务已存在', '请选择其他标题，或更改现有服务。'],
  ],
  TITLE_DIFFERS: [
    ['le titre saisi diffère de {title}', 'Saisissez le titre exactement comme il est montré.'],
    ['输入的标题与 {title} 不同', '请完全按所示输入标题。'],
  ],
  COMMAND_INCOMPLETE: [
    ['la commande {name} a besoin de {field}', 'Ajoutez-le à la demande.'],
    ['命令 {name} 需要 {field}', '请在请求中添加。'],
  ],
  QUERY_REFUSED: [
    ['impossible de lister par {field} {value}', 'Utilisez : {known}.'],
    ['无法按 {field} {value} 列出', '请使用：{known}。'],
  ],
  TARGET_MALFORMED: [
    ['{target} n’est pas une adresse {kind}', 'Donnez une URL http(s) pour un crochet web, ou une adresse e-mail.'],
    ['{target} 不是 {kind} 地址', 'Web 钩子请给出 http(s) URL，或给出电子邮件地址。'],
  ],
  TARGETS_FULL: [
    ['personne n’est prévenu à plus de {most} endroits', 'Retirez-en un d’abord.'],
    ['通知地址最多 {most} 个', '请先移除一个。'],
  ],
  MAIL_UNSET: [
    [
      'ce Master n’a pas de serveur de courrier',
      'Démarrez-le avec un serveur de courrier (SLAPOS_SMTP=smtp://...), ou utilisez un crochet web.',
    ],
    ['此 Master 没有邮件服务器', '请用邮件服务器启动它（SLAPOS_SMTP=smtp://...），或使用 Web 钩子。'],
  ],
  HOOK_REFUSED: [
    ['{target} a répondu avec le statut {status}', 'Vérifiez l’adresse du crochet web.'],
    ['{target} 返回状态 {status}', '请检查 Web 钩子的地址。'],
  ],
  HOOK_UNREACHABLE: [
    [
      '{target} ne peut pas être prévenu : {reason}',
      'Donnez une adresse de l’Internet public, ou laissez un opérateur en autoriser de privées.',
    ],
    ['无法通知 {target}：{reason}', '请给出公共互联网地址，或由操作员允许私有地址。'],
  ],
  CERTIFICATE_NEEDED: [
    [
      'cette adresse demande un certificat client',
      'Présentez le certificat d’un nœud, d’une instance ou d’une personne de ce Master.',
    ],
    ['此地址需要客户端证书', '请出示此 Master 的节点、实例或人员的证书。'],
  ],
  CERTIFICATE_REFUSED: [
    ['le certificat client est inconnu, révoqué ou expiré', 'Enregistrez-vous à nouveau avec un jeton neuf.'],
    ['客户端证书未知、已吊销或已过期', '请用新令牌重新注册。'],
  ],
  API_TOKEN_REFUSED: [
    ['le jeton d’API est inconnu, révoqué ou expiré', 'Créez-en un autre sous Paramètres.'],
    ['API 令牌未知、已吊销或已过期', '请在“设置”中另建一个。'],
  ],
  CERTIFICATE_ACTIVE: [
    ['certificat encore actif', '{subject} en a déjà un : choisissez un autre nom, ou révoquez-le d’abord.'],
    ['证书仍然有效', '{subject} 已有一个：请选择其他名称，或先吊销它。'],
  ],
  CERTIFICATE_NONE: [
    ['pas de certificat', '{subject} n’a pas de certificat actif à révoquer.'],
    ['没有证书', '{subject} 没有可吊销的有效证书。'],
  ],
  REQUEST_UNREADABLE: [
    [
      'la demande de certificat ne peut pas servir : {reason}',
      'Envoyez une demande PKCS #10 en PEM, signée par une clé EC P-256, EC P-384, Ed25519 ou RSA (2048 bits ou plus).',
    ],
    [
      '证书请求无法使用：{reason}',
      '请发送 PEM 格式的 PKCS #10 请求，用 EC P-256、EC P-384、Ed25519 或 RSA（2048 位以上）密钥签名。',
    ],
  ],
  TOKEN_UNKNOWN: [
    ['il n’y a pas de jeton {id}', 'Prenez l’identifiant dans `slapos master token list`.'],
    ['没有令牌 {id}', '请从 `slapos master token list` 取得其 ID。'],
  ],
  TOKEN_REFUSED: [
    ['le jeton est refusé : {reason}', 'Demandez un nouveau jeton ici ou avec `slapos computer token`.'],
    ['令牌被拒绝：{reason}', '请在此处或用 `slapos computer token` 申请新令牌。'],
  ],
  LOGIN_REFUSED: [
    [
      'le nom, le mot de passe ou le code est faux',
      'Réessayez ; un administrateur peut poser un nouveau mot de passe avec `slapos master user passwd`.',
    ],
    ['用户名、密码或验证码错误', '请重试；管理员可以用 `slapos master user passwd` 设置新密码。'],
  ],
  TOTP_ON: [
    ['les codes à usage unique sont déjà activés', 'Désactivez-les d’abord, avec le mot de passe.'],
    ['一次性验证码已启用', '请先用密码将其关闭。'],
  ],
  CODE_NEEDED: [
    ['un code à usage unique est nécessaire', 'Saisissez les six chiffres que montre votre authentificateur.'],
    ['需要一次性验证码', '请输入验证器显示的六位数字。'],
  ],
  LOGIN_TOO_OFTEN: [
    ['trop d’essais manqués', 'Attendez {seconds} secondes.'],
    ['失败尝试次数过多', '请等待 {seconds} 秒。'],
  ],
  LOGIN_TAKEN: [
    ['le nom de connexion {login} est pris', 'Choisissez-en un autre.'],
    ['登录名 {login} 已被占用', '请另选一个。'],
  ],
  LOGIN_UNKNOWN: [
    ['personne n’a le nom de connexion {login}', '`slapos master user list` montre qui existe.'],
    ['没有人使用登录名 {login}', '`slapos master user list` 可查看有哪些人。'],
  ],
  LOGIN_MALFORMED: [
    ['le nom de connexion ne peut pas servir', 'Utilisez 1 à 128 lettres, chiffres ou l’un de . _ - @ +.'],
    ['登录名不可用', '请使用 1 到 128 个字母、数字或 . _ - @ + 之一。'],
  ],
  PASSWORD_WRONG: [
    ['le mot de passe actuel est faux', 'Saisissez le mot de passe avec lequel vous vous connectez.'],
    ['当前密码错误', '请输入您登录所用的密码。'],
  ],
  PASSWORD_WEAK: [
    ['le mot de passe est trop court ou trop long', 'Utilisez 10 à 1024 caractères ; quelques mots suffisent.'],
    ['密码太短或太长', '请使用 10 到 1024 个字符；几个单词即可。'],
  ],
  CODE_WRONG: [
    [
      'le code ne correspond pas',
      'Vérifiez l’horloge de l’appareil qui montre les codes, et saisissez celui du moment.',
    ],
    ['验证码不匹配', '请检查显示验证码的设备的时钟，并输入当前的验证码。'],
  ],
  BUNDLE_MISSING: [
    ['ce Master n’a rien à installer : {path} n’existe pas', 'Son administrateur le fait avec : sh scripts/bundle'],
    ['此 Master 没有可供安装的内容：{path} 不存在', '由其管理员制作：sh scripts/bundle'],
  ],
  ARTEFACT_UNKNOWN: [
    [
      'ce Master n’a pas d’artefact {name} avec cette somme',
      'Il a sans doute été mis à jour : récupérez à nouveau le script d’installation.',
    ],
    ['此 Master 没有具有该校验和的构件 {name}', '它可能已升级：请重新获取安装脚本。'],
  ],
  NO_PROJECT: [
    [
      '{person} ne gère aucun projet, et un serveur appartient à un projet',
      'Demandez au propriétaire d’un projet le rôle de gestionnaire.',
    ],
    ['{person} 未管理任何项目，而服务器需属于某个项目', '请向项目所有者申请管理者角色。'],
  ],
  HOST_UNKNOWN: [
    [
      'ce Master ne s’appelle pas {host}',
      'Utilisez l’adresse qu’il affiche à son démarrage, ou démarrez-le avec --web-url pour ce nom.',
    ],
    ['此 Master 的名称不是 {host}', '请使用它启动时显示的地址，或用 --web-url 以该名称启动它。'],
  ],
  ROUTE_UNKNOWN: [
    ['il n’y a rien à {path}', 'Vérifiez l’adresse.'],
    ['{path} 处没有内容', '请检查地址。'],
  ],
}
