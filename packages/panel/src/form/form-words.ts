import { say } from '../text/text.ts'
import { isRecord } from './record.ts'

/** What a validator found, in the language of the reader. */
export function wordsOf(keyword: string, params: object, message: string): string {
  if (!isRecord(params)) return message
  const { limit = '', type, multipleOf = '', pattern = '', format = '', comparison } = params
  const limited = { limit: String(limit) }
  switch (keyword) {
    case 'required':
      return say('is required')
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return say('is not a known parameter')
    case 'enum':
      return say('must be one of {values}', { values: listed(params['allowedValues']) })
    case 'const':
      return say('must be {value}', { value: JSON.stringify(params['allowedValue']) })
    case 'oneOf':
    case 'anyOf':
      return say('fits none, or more than one, of the allowed forms')
    case 'type':
      return say('must be {value}', { value: [type].flat().map(kindOf).join(say(' or ')) })
    case 'minimum':
    case 'exclusiveMinimum':
      return comparison === '>' ? say('must be more than {limit}', limited) : say('must be at least {limit}', limited)
    case 'maximum':
    case 'exclusiveMaximum':
      return comparison === '<' ? say('must be less than {limit}', limited) : say('must be at most {limit}', limited)
    case 'multipleOf':
      return say('must be a multiple of {value}', { value: String(multipleOf) })
    case 'minLength':
      return say('must have at least {limit} characters', limited)
    case 'maxLength':
      return say('must have at most {limit} characters', limited)
    case 'minItems':
    case 'minProperties':
      return say('must have at least {limit} entries', limited)
    case 'maxItems':
    case 'maxProperties':
      return say('must have at most {limit} entries', limited)
    case 'uniqueItems':
      return say('must not have the same entry twice')
    case 'contains':
      return say('lacks an entry that is needed')
    case 'unevaluatedItems':
      return say('has entries that are not foreseen')
    case 'pattern':
      return say('must match the pattern {pattern}', { pattern: String(pattern) })
    case 'format':
      return say('must be written as {format}', { format: String(format) })
    case 'dependencies':
    case 'dependentRequired':
      return say('needs {names} beside {name}', {
        names: listed(params['dependencies']),
        name: String(params['property']),
      })
    case 'propertyNames':
      return say('has names that are not allowed: {names}', { names: listed(params['propertyNames']) })
    case 'not':
      return say('must not be so')
    default:
      return message
  }
}

const listed = (values: unknown): string => (Array.isArray(values) ? values.map(String).join(', ') : String(values))

function kindOf(type: unknown): string {
  switch (type) {
    case 'integer':
      return say('a whole number')
    case 'number':
      return say('a number')
    case 'string':
      return say('a text')
    case 'boolean':
      return say('true or false')
    case 'array':
      return say('a list')
    case 'object':
      return say('a group of values')
    case 'null':
      return say('nothing')
    default:
      return String(type)
  }
}
