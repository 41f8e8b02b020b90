package duplicate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bihuan/engine/duplicate"
	"bihuan/ground/geo"
)

const hour = int64(3.6e9)

var lamp = duplicate.Report{Key: "1", Class: "E06002", Place: geo.Point{Lng: 125.35, Lat: 43.87}, At: 100 * hour, Text: "东盛大街128号门口路灯不亮了，晚上很黑"}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*duplicate.Report)
		want   bool
	}{
		{"the same words at the same place", func(*duplicate.Report) {}, true},
		{"other words about the same thing", func(r *duplicate.Report) { r.Text = "路灯坏了好几天没人修" }, true},
		{"nothing said", func(r *duplicate.Report) { r.Text = "" }, true},
		{"quite other words", func(r *duplicate.Report) { r.Text = "垃圾桶满了有臭味" }, false},
		{"another class", func(r *duplicate.Report) { r.Class = "E01002" }, false},
		{"a class that is not known", func(r *duplicate.Report) { r.Class = "" }, true},
		{"40 m to the east", func(r *duplicate.Report) { r.Place.Lng += 0.0005 }, true},
		{"60 m to the east", func(r *duplicate.Report) { r.Place.Lng += 0.00075 }, false},
		{"a day before", func(r *duplicate.Report) { r.At -= 24 * hour }, true},
		{"more than a day before", func(r *duplicate.Report) { r.At -= 24*hour + 1 }, false},
		{"later", func(r *duplicate.Report) { r.At += hour }, true},
		{"nowhere", func(r *duplicate.Report) { r.Place = geo.Point{} }, false},
	} {
		other := lamp
		other.Key = "2"
		c.change(&other)
		if got := duplicate.Find(lamp, []duplicate.Report{other}); (len(got) == 1) != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
		if got := duplicate.Find(other, []duplicate.Report{lamp}); (len(got) == 1) != c.want {
			t.Errorf("%s, the other way round: %+v", c.name, got)
		}
	}
}

func TestTheLikeliestComesFirstWhateverTheOrder(t *testing.T) {
	near, far, other := lamp, lamp, lamp
	near.Key, far.Key, other.Key = "near", "far", "other words"
	far.Place.Lng += 0.0004
	other.Text = "路灯坏了"
	all := []duplicate.Report{far, other, near}
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		var keys []string
		for _, h := range duplicate.Find(lamp, all) {
			keys = append(keys, all[h.Index].Key)
		}
		if !slices.Equal(keys, []string{"near", "far", "other words"}) {
			t.Fatalf("got %v", keys)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	others := make([]duplicate.Report, 500)
	for i := range others {
		others[i] = lamp
		others[i].Key = fmt.Sprint(i)
	}
	for b.Loop() {
		duplicate.Find(lamp, others)
	}
}

func ExampleFind() {
	earlier := duplicate.Report{Key: "U1", Class: "E06002", Place: geo.Point{Lng: 125.3502, Lat: 43.8701}, At: lamp.At - 3*hour, Text: "路灯坏了"}
	for _, h := range duplicate.Find(lamp, []duplicate.Report{earlier}) {
		fmt.Printf("%s, %.0f m and %.0f h away, words %.0f %% alike\n", earlier.Key, h.DistanceM, h.Hours, 100*h.Alike)
	}
	// Output: U1, 20 m and 3 h away, words 33 % alike
}
