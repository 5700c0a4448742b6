import { itemType, type Field, type Reference } from '../../src/core/reference/model.ts';

/** A JSON schema of every kind of the reference, for the peer: one file, the kind chosen by `apiVersion` and `kind`. */
export function schemaOf(reference: Reference): object {
  const definitions: Record<string, object> = {};
  for (const [name, { fields, open }] of Object.entries(reference.messages)) {
    definitions[key(name)] = {
      type: 'object',
      additionalProperties: open !== undefined,
      properties: Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, property(reference, value, value.type)])),
      required: Object.entries(fields).flatMap(([field, { required }]) => (required ? [field] : [])),
    };
  }
  const kinds = reference.kinds.filter(({ versions, foreign }) => versions.length > 0 && !foreign).map(({ group, kind, versions, root }) => ({
    if: { properties: { kind: { const: kind }, apiVersion: { enum: versions.map(({ name }) => `${group}/${name}`) } }, required: ['kind', 'apiVersion'] },
    then: { $ref: `#/definitions/${key(root)}` },
  }));
  return { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', allOf: kinds, definitions };
}

function key(message: string): string {
  return message.replace(/[^\w.-]/g, '_');
}

function property(reference: Reference, field: Field, type: string): object {
  const item = itemType(type);
  const description = field.doc;
  if (item?.container === 'list') return { type: 'array', items: property(reference, field, item.of), description };
  if (item?.container === 'map') return { type: 'object', additionalProperties: property(reference, field, item.of), description };
  if (reference.messages[type]) return { $ref: `#/definitions/${key(type)}`, description };
  if (field.enum && type === 'enum') return { type: 'string', enum: Object.keys(field.enum), description };
  const scalar = { string: 'string', duration: 'string', boolean: 'boolean', integer: 'integer', number: 'number' }[type];
  return scalar === undefined ? { description } : { type: scalar, description };
}
