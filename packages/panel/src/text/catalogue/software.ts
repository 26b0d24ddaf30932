import type { Texts } from './texts.ts'

/** Of the catalogue of software. */
export const software = {
  'A software.cfg, a release folder or archive. The Master fetches its description and keeps it.': [
    'Un software.cfg, un dossier ou une archive de version. Le Master récupère sa description et la conserve.',
    'software.cfg、版本目录或压缩包。Master 会获取并保存其描述。',
  ],
  'Add a release': ['Ajouter une version', '添加版本'],
  'Add by URL': ['Ajouter par URL', '通过 URL 添加'],
  Added: ['Ajouté', '添加时间'],
  Supply: ['Fournir', '供应'],
  'The catalogue is empty': ['Le catalogue est vide', '目录为空'],
  'URL of the release': ['URL de la version', '版本的 URL'],
  'newest: {version}': ['la plus récente : {version}', '最新：{version}'],
  '{name} is in the catalogue': ['{name} est dans le catalogue', '{name} 已加入目录'],
  '{version} (newest)': ['{version} (la plus récente)', '{version}（最新）'],
  'Add a release by its URL.': ['Ajoutez une version par son URL.', '通过 URL 添加版本。'],
} as const satisfies Texts
