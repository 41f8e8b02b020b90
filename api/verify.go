package api

import (
	"bihuan/ground/name"
)

// verified is what replaying the chain found.
type verified struct {
	OK     bool      `json:"ok"`
	Events int64     `json:"events"`
	Head   string    `json:"head" doc:"of the chain after the last event; keep it elsewhere to be able to compare"`
	Bad    *int64    `json:"bad" doc:"the first record that is wrong"`
	Reason *string   `json:"reason"`
	Note   name.Text `json:"note" doc:"what this cannot see"`
}

// blind says what replaying the chain alone cannot find.
var blind = name.Text{
	ZH: "仅凭本库校验，看不出日志末尾被整段截去，也看不出整条链被连同散列值一起重写；请与另存的检查点（序号和 head）比对。",
	EN: "Without a checkpoint kept elsewhere this cannot see a log that was cut off at its end, or rewritten as a whole with new hashes; compare the number of events and the head with one that you kept.",
}

func (s *server) verify(q *request) (answer, error) {
	v, err := s.Verify(q.Context())
	if err != nil {
		return answer{}, err
	}
	out := verified{OK: v.Bad == 0, Events: v.Events, Head: v.Head, Reason: orNull(v.Reason), Note: blind}
	if v.Bad != 0 {
		out.Bad = &v.Bad
	}
	return answer{body: out}, nil
}

func (s *server) openapi(q *request) (answer, error) { return answer{body: s.document}, nil }
