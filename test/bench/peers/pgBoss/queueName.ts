export const queueName = 'calls'
