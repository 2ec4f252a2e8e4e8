import { describe, expect, test } from 'vitest'
import { ms, roundTrip, Statistics } from './statistics.ts'

describe('round-trip times have three digits', () => {
  test.each([
    [0, '0.000'],
    [36, '0.036'],
    [999, '0.999'],
    [1000, '1.00'],
    [1234, '1.23'],
    [1235, '1.24'],
    [9994, '9.99'],
    [9995, '10.0'],
    [12345, '12.3'],
    [99949, '99.9'],
    [99950, '100'],
    [1234567, '1235'],
  ])('%i µs', (us, text) => {
    expect(roundTrip(us)).toBe(text)
  })
  test('and three decimals in the summary', () => {
    expect([ms(7), ms(42), ms(1042), ms(1_002_003)]).toEqual(['0.007', '0.042', '1.042', '1002.003'])
  })
})

const run = (sent: number, times: readonly number[]): Statistics => {
  const s = new Statistics()
  s.transmitted = sent
  times.forEach((us, i) => {
    s.received++
    s.acknowledge(i + 1)
    s.time(us)
  })
  return s
}

describe('summary', () => {
  test('of answered packets', () => {
    expect(run(3, [27, 45, 58]).summary('10.1.0.1', 408_000, true, false)).toBe(
      '--- 10.1.0.1 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time 408ms\n' +
        'rtt min/avg/max/mdev = 0.027/0.043/0.058/0.012 ms, pipe 3\n',
    )
  })
  test('of none', () => {
    expect(run(1, []).summary('h', 0, true, false)).toBe(
      '--- h ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n\n',
    )
  })
  test.each([
    [3, 1, '66.6667%'],
    [3, 2, '33.3333%'],
    [6, 5, '16.6667%'],
    [1000, 999, '0.1%'],
    [8, 7, '12.5%'],
  ])('loss of %i sent and %i received', (sent, received, loss) => {
    expect(run(sent, Array<number>(received).fill(1)).summary('h', 0, true, false)).toContain(
      `, ${loss} packet loss`,
    )
  })
  test('with errors and duplicates', () => {
    const s = run(2, [10])
    s.errors = 1
    s.repeats = 2
    expect(s.summary('h', 1_000_400, true, false)).toContain(
      '2 packets transmitted, 1 received, +2 duplicates, +1 errors, 50% packet loss, time 1000ms\n',
    )
  })
  test('on SIGQUIT', () => {
    const s = run(2, [53, 60])
    expect(s.snapshot(true)).toBe('\r2/2 packets, 0% loss, min/avg/ewma/max = 0.053/0.056/0.053/0.060 ms\n')
  })
})

test('packets on their way', () => {
  const s = new Statistics()
  s.transmitted = 3
  expect(s.inFlight).toBe(3)
  s.acknowledge(1)
  expect([s.inFlight, s.pipe]).toEqual([2, 3])
  s.acknowledge(3)
  expect(s.inFlight).toBe(0)
  // Sequence numbers go round after 65535.
  s.transmitted = 65_537
  s.acknowledge(0)
  s.acknowledge(1)
  expect(s.inFlight).toBe(0)
})
