package access

import (
	"net/netip"
	"slices"

	"bihuan/ground/name"
)

// maxNetworks is how many ranges of addresses a policy names at most.
const maxNetworks = 1000

// ZoneRow says which networks are a zone, in the notation of RFC 4632 (2006), such as 10.0.0.0/8 or fc00::/7.
type ZoneRow struct {
	Zone     Zone      `json:"zone" yaml:"zone"`
	Words    name.Text `json:"words" yaml:"words"`
	Networks []string  `json:"networks" yaml:"networks"`
}

// zoned is one range of addresses.
type zoned struct {
	network netip.Prefix
	zone    Zone
}

// ZoneOf returns the zone that an address lies in: that of the narrowest range that holds it, and none for an address that no
// range holds. An IPv4 address that is written as IPv6 counts as the former, and a zone of RFC 4007 is not looked at.
func (p *Policy) ZoneOf(a netip.Addr) Zone {
	a = a.Unmap().WithZone("")
	for _, z := range p.zones {
		if z.network.Contains(a) {
			return z.zone
		}
	}
	return ""
}

// Zones returns the networks in the order of the file. The slice is the caller's.
func (p *Policy) Zones() []ZoneRow { return slices.Clone(p.zoneRows) }

// readZones takes the ranges of each zone, the narrowest first.
func (c *compiler) readZones(rows []ZoneRow) {
	seen := map[netip.Prefix]Zone{}
	for _, row := range rows {
		path := "$.zones." + string(row.Zone)
		if row.Zone == "" || row.Words.ZH == "" || row.Words.EN == "" || len(row.Networks) == 0 {
			c.fault(path, "网络区域缺少代码、中英文名称或地址段", "the zone needs a key, words in zh and en, and networks")
		}
		for _, text := range row.Networks {
			n, err := netip.ParsePrefix(text)
			if err != nil || n != n.Masked() || n.Addr().Is4In6() {
				c.fault(path, "%q 不是地址段，应写作 10.0.0.0/8", "%q is no network, such as 10.0.0.0/8", text)
				continue
			}
			if other, twice := seen[n]; twice {
				c.fault(path, "地址段 %s 已属于 %s", "network %s is of %s already", text, other)
				continue
			}
			seen[n] = row.Zone
			c.p.zones = append(c.p.zones, zoned{n, row.Zone})
		}
	}
	if len(c.p.zones) > maxNetworks {
		c.fault("$.zones", "地址段超过 %d 个", "more than %d networks", maxNetworks)
	}
	slices.SortStableFunc(c.p.zones, func(a, b zoned) int { return b.network.Bits() - a.network.Bits() })
	c.p.zoneRows = rows
}

// isZone reports whether a condition may ask for a zone: one of ours, or one that the file draws.
func (c *compiler) isZone(z Zone) bool {
	return z == Office || z == Internet || slices.ContainsFunc(c.p.zones, func(row zoned) bool { return row.zone == z })
}
