package tickets

import (
	"fmt"
	"testing"
	"time"
)

// Who works on which day: turns come round, dates take their place, and nobody works before the first turn.
func TestRota(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	r := Rota{Teams: []string{"tech"}, Location: berlin, At: 9 * time.Hour, Starts: day("2026-03-02"), Days: 7, Duty: true,
		Turns: []Turn{{OnDuty: []string{"ann", "tess"}, OnCall: []string{"tess"}, Shadows: []string{"eve"}}, {OnCall: []string{"tom", "ben"}}},
		Dates: []Dated{{From: day("2026-03-17"), To: day("2026-03-18"), Turn: Turn{OnCall: []string{"eve"}, Shadows: []string{}}}}}
	d := &Directory{Teams: []Team{{Name: "tech"}, {Name: "other"}}, Rotas: []Rota{r}}
	at := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		name, now string
		away      []string
		want      string // on duty, called, missing, shadows
	}{
		{"before the first turn", "2026-03-02 08:59", nil, "[] [] [] []"},
		{"the first turn", "2026-03-02 09:00", nil, "[ann tess] [tess] [] [eve]"},
		{"its last minute", "2026-03-09 08:59", nil, "[ann tess] [tess] [] [eve]"},
		{"the next one: who is on call is on duty", "2026-03-09 09:00", nil, "[tom ben] [tom ben] [] []"},
		{"round again, and a date in it", "2026-03-17 09:00", nil, "[ann tess] [eve] [] []"},
		{"the last hour of the dates", "2026-03-19 08:59", nil, "[ann tess] [eve] [] []"},
		{"behind them", "2026-03-19 09:00", nil, "[ann tess] [tess] [] [eve]"},
		{"the clock goes forward", "2026-03-30 08:59", nil, "[tom ben] [tom ben] [] []"},
		{"after it", "2026-03-30 09:00", nil, "[ann tess] [tess] [] [eve]"},
		{"one of two is away", "2026-03-09 09:00", []string{"tom"}, "[ben] [ben] [] []"},
		{"all are away: the next turn", "2026-03-09 09:00", []string{"tom", "ben"}, "[] [tess] [tom ben] []"},
		{"the next turn is away too", "2026-03-02 09:00", []string{"tess", "tom"}, "[ann] [ben] [tess] [eve]"},
		{"everybody is", "2026-03-02 09:00", []string{"tess", "tom", "ben", "eve"}, "[ann] [] [tess] []"},
		{"on a date: the turn behind that of the day", "2026-03-17 09:00", []string{"eve"}, "[ann tess] [tom ben] [eve] []"},
	} {
		away := map[string]time.Time{}
		for _, name := range c.away {
			away[name] = at(c.now).Add(time.Hour)
		}
		now := d.At(at(c.now), away)
		duty := now.DutyOf("tech")
		if got := fmt.Sprint(duty.OnDuty, duty.Call.Names, duty.Call.Missing, duty.Shadows); got != c.want {
			t.Errorf("%s: %s, wanted %s", c.name, got, c.want)
		}
		for _, name := range []string{"ann", "tom"} {
			want := len(duty.OnDuty) > 0 && fmt.Sprint(duty.OnDuty) != "[ann]" && fmt.Sprint(duty.OnDuty) != "[ann tess]"
			if name == "tom" {
				want = len(duty.OnDuty) > 0 && fmt.Sprint(duty.OnDuty) != "[tom ben]"
			}
			if got := now.OffDuty("tech", name); got != want {
				t.Errorf("%s: %s off duty: %t", c.name, name, got)
			}
		}
	}
	if d.At(at("2026-03-03 09:00"), nil).OffDuty("other", "tom") || d.DutyOf("tech") != nil {
		t.Error("a team without a rota, or a directory of no instant, has somebody off duty")
	}
}
