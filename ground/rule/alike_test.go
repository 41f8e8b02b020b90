package rule

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
)

// TestReadersOfTimesAgree types dates and instants, most of them nearly right, into fields, and has every room that reads what is kept of them read it: the calendar, which sets deadlines, the rules,
// and the library. Each sees the same day and the same microsecond, or the field has refused it.
func TestReadersOfTimesAgree(t *testing.T) {
	const seed = 20231016
	chance := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	day, instant := field.Field{Key: "d", Kind: field.Date}, field.Field{Key: "i", Kind: field.Instant}
	const signs = "0123456789--//::TtZz++ 年月日０１９－：．.,eE\u202e\u00a0"
	kept := 0
	for range 100_000 {
		y, m, d := 1890+chance.IntN(320), 1+chance.IntN(13), 1+chance.IntN(32)
		text := fmt.Sprintf([]string{"%04d-%02d-%02d", "%d/%d/%d", "%d年%d月%d日", "%d-%d-%d"}[chance.IntN(4)], y, m, d)
		if chance.IntN(2) == 0 {
			text += fmt.Sprintf([]string{"T%02d:%02d:%02d", " %d:%02d:%02d", "T%02d:%02d:%02d.25"}[chance.IntN(3)], chance.IntN(25), chance.IntN(61), chance.IntN(61))
			text += []string{"", "Z", "+08:00", "-23:59", "+24:00", "z", "+0800"}[chance.IntN(7)]
		}
		if chance.IntN(3) == 0 { // one sign is another, or is missing
			r, all := []rune(text), []rune(signs)
			i := chance.IntN(len(r))
			text = string(r[:i]) + strings.Repeat(string(all[chance.IntN(len(all))]), chance.IntN(2)) + string(r[i+1:])
		}
		if v, err := day.Check(text); err == nil {
			kept++
			one, err := calendar.ParseDate(v)
			two, bad := readDate(v)
			three, wrong := time.Parse(time.DateOnly, v)
			if err != nil || bad != nil || wrong != nil || one.String() != v || two.(number).day() != three || three.Format(time.DateOnly) != one.String() {
				t.Fatalf("%q is kept as %q and read as %v, %v, %v", text, v, one, two, three)
			}
		}
		if v, err := instant.Check(text); err == nil {
			kept++
			one, err := calendar.ParseInstant(v)
			two, bad := readInstant(v)
			three, wrong := time.Parse(time.RFC3339, v)
			if err != nil || bad != nil || wrong != nil || int64(one) != three.UnixMicro() || !two.(time.Time).Equal(three) {
				t.Fatalf("%q is kept as %q and read as %v, %v, %v", text, v, one, two, three)
			}
		}
	}
	if kept < 20_000 {
		t.Errorf("only %d were kept: does this test still try something?", kept)
	}
	t.Logf("%d of 100,000 were kept, and read alike", kept)
}
