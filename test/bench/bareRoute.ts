// A bare Fastify route with the schema and the body of POST /schedules, and nothing behind it: the floor.
import Fastify from 'fastify'
import { exampleScheduled } from '../../src/http/examples.ts'
import { ref } from '../../src/http/schemas/named.ts'
import { CreateSchedule } from '../../src/http/schemas/requests.ts'
import { Schedule } from '../../src/http/schemas/schedule.ts'
import { namedSchemas } from '../../src/http/schemas.ts'
import { makeValidation } from '../../src/http/validation.ts'

const app = Fastify()
app.setValidatorCompiler(makeValidation().compiler)
for (const schema of namedSchemas) app.addSchema(schema)
app.post('/schedules', { schema: { body: ref(CreateSchedule), response: { 201: ref(Schedule) } } }, async (_request, reply) => {
  reply.code(201)
  return exampleScheduled
})
process.stdout.write(`${await app.listen({ port: 0 })}\n`)
