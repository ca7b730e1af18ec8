// Compares the tests' table of the Scheduler API with AWS's own service model (Smithy JSON): node compareModel.ts FILE
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type Constraint, errors, operations, structures } from './schedulerModel.ts'

interface Shape {
  readonly type: string
  readonly members?: Readonly<Record<string, { readonly target: string; readonly traits?: Readonly<Record<string, unknown>> }>>
  readonly traits?: Readonly<Record<string, unknown>>
  readonly input?: { readonly target: string }
  readonly errors?: readonly { readonly target: string }[]
}

const [file = ''] = process.argv.slice(2)
const { shapes } = JSON.parse(readFileSync(file, 'utf8')) as { shapes: Readonly<Record<string, Shape>> }
let compared = 0

function shapeOf(id: string): Shape {
  const shape = shapes[id.includes('#') ? id : `com.amazonaws.scheduler#${id}`]
  return shape ?? { type: id }
}

function nameOf(id: string): string {
  return id.slice(id.indexOf('#') + 1)
}

/** A member's constraints as the table writes them. */
function constraintOf(member: NonNullable<Shape['members']>[string]): Constraint {
  const shape = shapeOf(member.target)
  const length = shape.traits?.['smithy.api#length'] as { min?: number; max?: number } | undefined
  const range = shape.traits?.['smithy.api#range'] as { min: number; max: number } | undefined
  const pattern = shape.traits?.['smithy.api#pattern'] as string | undefined
  const values = shape.traits?.['smithy.api#enum'] as readonly { readonly value: string }[] | undefined
  return {
    ...(member.traits?.['smithy.api#required'] === undefined ? {} : { required: true }),
    ...(length === undefined ? {} : { length: [length.min ?? 0, length.max ?? Number.POSITIVE_INFINITY] }),
    ...(range === undefined ? {} : { range: [range.min, range.max] }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(values === undefined ? {} : { values: values.map(({ value }) => value) }),
    ...(shape.type === 'structure' ? { structure: nameOf(member.target) } : {}),
  }
}

for (const [structure, members] of Object.entries<Readonly<Record<string, Constraint>>>(structures)) {
  const shape = shapeOf(structure)
  for (const [name, constraint] of Object.entries(members)) {
    const member = shape.members?.[name]
    assert.ok(member, `${structure}.${name} is not in the model`)
    assert.deepEqual(constraint, constraintOf(member), `${structure}.${name}`)
    compared++
  }
  const required = Object.entries(shape.members ?? {}).filter(([, { traits }]) => traits?.['smithy.api#required'] !== undefined)
  for (const [name] of required) assert.ok(name in members, `${structure}.${name} is required by the model, and not in the table`)
}

for (const [operation, { method, uri, input }] of Object.entries(operations)) {
  const shape = shapeOf(operation)
  const http = shape.traits?.['smithy.api#http'] as { method: string; uri: string }
  assert.deepEqual({ method, uri, input }, { method: http.method, uri: http.uri, input: nameOf(shape.input?.target ?? '') }, operation)
  const possible = Object.entries(errors).filter(([, { of }]) => (of as readonly string[]).includes(operation))
  assert.deepEqual(
    possible.map(([name]) => name).toSorted(),
    (shape.errors ?? []).map(({ target }) => nameOf(target)).toSorted(),
    operation,
  )
  compared++
}

for (const [name, { status }] of Object.entries(errors)) {
  assert.equal(status, shapeOf(name).traits?.['smithy.api#httpError'], name)
  compared++
}

process.stdout.write(`The table of the Scheduler API agrees with AWS's model in all ${compared} places.\n`)
