package corpus

import "math/rand/v2"

// blocks are where the characters of Chinese names stand: the usual ones and every extension that GB 18030-2022 and its amendment 1
// ask for at implementation level 3, compatibility ideographs, and the private use area of old registration systems.
var blocks = []struct{ first, last rune }{
	{0x4e00, 0x9fa5}, {0x9fa6, 0x9fff}, {0x3400, 0x4dbf}, {0x20000, 0x2a6df}, {0x2a700, 0x2b739}, {0x2b740, 0x2b81d}, {0x2b820, 0x2cea1}, {0x2ceb0, 0x2ebe0},
	{0x30000, 0x3134a}, {0x31350, 0x323af}, {0x2ebf0, 0x2ee5d}, {0xf900, 0xfa6d}, {0x2f800, 0x2fa1d}, {0x3007, 0x3007}, {0xe815, 0xe864},
}

// dots stand between the parts of names of Uyghurs, Kazakhs, Tibetans and others, as people and keyboards write them.
var dots = []string{"\u00b7", "\u2022", "\u30fb", "\u2027", "\uff65"}

// Names returns n names of 2 to 50 characters, the same each time: surnames with rare characters, and names in parts.
func Names(n int) []string {
	r := rand.New(rand.NewPCG(220105, 12))
	han := func(i int) rune {
		b := blocks[i%len(blocks)]
		return b.first + rune(r.IntN(int(b.last-b.first)+1))
	}
	surnames := []rune("王李张刘陈杨赵黄周吴")
	all := make([]string, 0, n)
	for i := range n {
		name := []rune{surnames[i%len(surnames)], han(i)}
		switch {
		case i%10 == 9:
			name = []rune("买买提江" + dots[i/10%len(dots)] + "阿卜杜热合曼" + dots[i/10%len(dots)] + "库尔班")
			name = append(name, han(i/10))
		case i%50 == 8:
			for len(name) < 50 {
				name = append(name, han(len(name)))
			}
		case i%3 == 0:
			name = append(name, han(i+7))
		}
		all = append(all, string(name))
	}
	return all
}
