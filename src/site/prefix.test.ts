import { expect, it } from 'vitest'
import { prefix } from './prefix.ts'

it.each([
  ['192.168.1.10/24', '192.168.1.0', '192.168.1.255', 254],
  ['192.168.1.130/25', '192.168.1.128', '192.168.1.255', 126],
  ['10.20.3.7/16', '10.20.0.0', '10.20.255.255', 65534],
  ['172.16.0.6/30', '172.16.0.4', '172.16.0.7', 2],
  ['10.0.0.1/31', '10.0.0.0', undefined, 2],
  ['10.0.0.1/32', '10.0.0.1', undefined, 1],
])('%s', (cidr, network, broadcast, hosts) => {
  expect(prefix(cidr)).toEqual({ network, broadcast, hosts })
})

it('refuses what is no prefix', () => {
  for (const bad of ['10.0.0.1', '10.0.0.1/33', '10.0.0.256/8', 'x/8'])
    expect(() => prefix(bad)).toThrow(RangeError)
})
