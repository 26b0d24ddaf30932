/** What programs of a partition say of their usage: the files of `var/xml_report`. */
import { messageOf } from '@slapos/base'
import { type PartitionMovement, readPartitionConsumption } from '@slapos/slap'
import { type PartitionPlace, readAsPartition } from './as-partition.ts'

export const REPORT_DIRECTORY = 'var/xml_report'
const MOST_FILES = 100
/** Of one file, bytes. */
const MOST_BYTES = 100_000
const MOST_SECONDS = 20

/** Prints a line a file: its name and its content in base 64. Neither links nor anything but files are opened. */
const SCRIPT = `for directory in var ${REPORT_DIRECTORY}; do [ -d "$directory" ] && [ ! -L "$directory" ] || exit 0; done
cd -P ${REPORT_DIRECTORY} || exit 0
count=0
for file in *; do
  case $file in *[!A-Za-z0-9._-]*) continue ;; esac
  [ -f "$file" ] && [ ! -L "$file" ] || continue
  count=$((count + 1))
  [ "$count" -le ${MOST_FILES} ] || break
  printf '%s ' "$file"
  head -c ${MOST_BYTES + 1} -- "$file" | base64 -w0
  echo
done`

export interface XmlReport {
  readonly file: string
  readonly movements: readonly PartitionMovement[]
}

export interface XmlReports {
  readonly valid: readonly XmlReport[]
  /** They stay where they are. */
  readonly invalid: readonly { readonly file: string; readonly reason: string }[]
}

export async function readXmlReports(place: PartitionPlace): Promise<XmlReports> {
  const bounds = { seconds: MOST_SECONDS, bytes: MOST_FILES * MOST_BYTES * 2 }
  const output = await readAsPartition(['sh', '-c', SCRIPT], place, bounds)
  const valid: XmlReport[] = []
  const invalid: { file: string; reason: string }[] = []
  for (const line of output.split('\n').filter(Boolean)) {
    const [file = '', content = ''] = line.split(' ')
    try {
      const text = Buffer.from(content, 'base64').toString('utf8')
      valid.push({ file, movements: readPartitionConsumption(text, { bytes: MOST_BYTES, movements: 1000 }) })
    } catch (error) {
      invalid.push({ file, reason: messageOf(error) })
    }
  }
  return { valid, invalid }
}
