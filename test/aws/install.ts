// Installs the AWS emulators into a Python environment of their own, beside the packages of npm.
import { emulators } from '../support/aws/emulators.ts'
import { installPython } from '../support/python.ts'

try {
  installPython(emulators)
} catch (error) {
  const { message, cause } = error as Error
  process.stderr.write(`The AWS emulators cannot be installed: ${cause instanceof Error ? cause.message : String(cause)}\n${message}\n`)
  process.exitCode = 1
}
