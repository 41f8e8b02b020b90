package district

import (
	"context"
	"slices"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// step is one act on the way of a case, by somebody of a unit with a role.
type step struct {
	unit   name.Unit
	role   name.Role
	act    string
	with   map[string]string // COLLECTOR is the first collector of the watch centre
	photos int
}

// short is the short way of a case of pack urban from a report to its end.
var short = []step{
	{"watch-centre", "operator", "send-collector", map[string]string{"collector": "COLLECTOR"}, 0},
	{"watch-centre", "collector", "confirm", map[string]string{"class": "E06002", "condition": "E06002-1", "area": "220105001",
		"address": "东盛大街128号门前", "place": "125.35,43.86", "confirm-note": "路灯三盏不亮"}, 1},
	{"watch-centre", "operator", "file", nil, 0},
	{"command-centre", "dispatcher", "dispatch", map[string]string{"unit": "road-maintenance", "why-unit": "路灯由道路养护单位负责"}, 0},
	{"road-maintenance", "handler", "sign", nil, 0},
	{"road-maintenance", "handler", "feedback", map[string]string{"note": "已更换灯具"}, 1},
	{"watch-centre", "operator", "send-check", map[string]string{"collector": "COLLECTOR"}, 0},
	{"watch-centre", "collector", "pass", map[string]string{"check-note": "灯已亮"}, 1},
	{"watch-centre", "operator", "close", map[string]string{"answer": "路灯已修好，感谢反映。"}, 0},
}

// Case takes a reported case of pack urban along the way: from an act on, or from the first, up to another, or to its end. who returns whoever
// acts for a unit in a role.
func Case(t testing.TB, d *desk.Desk, id name.ID, from, until string, who func(name.Unit, name.Role) desk.Caller) {
	t.Helper()
	at := func(act string, otherwise int) int {
		if act == "" {
			return otherwise
		}
		return slices.IndexFunc(short, func(s step) bool { return s.act == act })
	}
	collector := string(who("watch-centre", "collector").Person)
	for i, s := range short[at(from, 0):at(until, len(short))] {
		do := desk.Do{Matter: id, Act: s.act, With: map[string]string{}}
		for key, v := range s.with {
			do.With[key] = strings.ReplaceAll(v, "COLLECTOR", collector)
		}
		for p := range s.photos {
			f, err := desk.Upload("evidence", "photo.jpg", "image/jpeg", []byte{0xff, 0xd8, byte(i), byte(p)})
			must(t, err)
			do.Files, do.Evidence = append(do.Files, f), append(do.Evidence, matter.Evidence{Kind: matter.Photo, File: f.Hash.String(), Name: f.Name})
		}
		if _, err := d.Act(context.Background(), who(s.unit, s.role), do); err != nil {
			t.Fatalf("%s: %v", s.act, err)
		}
	}
}
