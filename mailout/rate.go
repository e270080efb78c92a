package mailout

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
)

// Rate limits how many mails are sent by an account; the zero Rate is no limit.
type Rate struct {
	Count int
	Per   time.Duration
}

// ParseRate reads "25/min"; units are s, min, h and d. "" is no limit.
func ParseRate(s string) (Rate, error) {
	if s = strings.TrimSpace(s); s == "" {
		return Rate{}, nil
	}
	number, unit, _ := strings.Cut(s, "/")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	per, known := map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour,
		"d": 24 * time.Hour}[strings.TrimSpace(unit)]
	if err != nil || n < 1 || !known {
		return Rate{}, fmt.Errorf("%q is not a rate: write it like 25/min (s, min, h or d)", s)
	}
	return Rate{n, per}, nil
}

// String returns the rate in the form that ParseRate reads.
func (r Rate) String() string {
	if r.Count == 0 {
		return ""
	}
	for _, u := range []struct {
		name string
		per  time.Duration
	}{{"s", time.Second}, {"min", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}} {
		if u.per == r.Per {
			return fmt.Sprintf("%d/%s", r.Count, u.name)
		}
	}
	return fmt.Sprintf("%d/%s", r.Count, r.Per)
}

// A rate is enforced by a token bucket that holds a tenth of Count (at least one) and is refilled
// with the rest over Per, so that no interval of length Per sees more than Count mails.
func (r Rate) burst() float64 {
	if r.Count == 1 {
		return 1
	}
	return max(1, float64(r.Count/10))
}

// Interval returns how long it takes until the rate allows one more mail.
func (r Rate) Interval() time.Duration {
	if r.Count == 1 {
		return r.Per
	}
	return time.Duration(float64(r.Per) / (float64(r.Count) - r.burst()))
}

// Meter measures time by this process's own clock where the database's row was written by a machine
// whose clock is ahead. The zero value is ready to use. It is not safe for concurrent use.
type Meter struct {
	row   string
	since time.Time
}

// elapsed returns how long this process has seen the row unchanged.
func (m *Meter) elapsed(row string) time.Duration {
	if m.row != row {
		m.row, m.since = row, time.Now()
	}
	return time.Since(m.since)
}

// ClaimRated is like Claim but obeys the rate of an account, which all senders of the database
// share. If the rate limits the claim, next is when it will allow another mail; otherwise next is
// zero.
func ClaimRated(tx *sqldb.Tx, meter *Meter, account string, rate Rate, inboxes []string, limit int, holder string,
	lease time.Duration) (mails []Claimed, next time.Time, err error) {
	if rate.Count == 0 {
		mails, err = Claim(tx, inboxes, limit, holder, lease)
		return mails, time.Time{}, err
	}
	name := "rate:" + account
	value, set, err := meta.Lock(tx, name)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading the rate of %s: %w", account, err)
	}
	bucket, changed := rate.burst(), tx.Now()
	if !set.IsZero() {
		if bucket, err = strconv.ParseFloat(value, 64); err != nil {
			bucket = 0
		}
		passed := tx.Now().Sub(set)
		if passed < 0 {
			// Another machine's clock is ahead of ours. We do not turn the row's time back, or that
			// machine would see an hour pass.
			passed = meter.elapsed(fmt.Sprint(value, " ", set.UnixMilli())).Truncate(time.Millisecond)
			changed = set.Add(passed)
		}
		bucket = min(rate.burst(), bucket+float64(passed)/float64(rate.Interval()))
	}
	if free := int(bucket + 1e-9); free < limit {
		limit = free
	}
	if limit > 0 {
		if mails, err = Claim(tx, inboxes, limit, holder, lease); err != nil {
			return nil, time.Time{}, err
		}
	}
	bucket -= float64(len(mails))
	if bucket < 1-1e-9 {
		next = changed.Add(time.Duration((1 - bucket) * float64(rate.Interval()))).Add(time.Millisecond)
	}
	if len(mails) == 0 {
		return nil, next, nil
	}
	if err := meta.SetAt(tx, name, strconv.FormatFloat(bucket, 'f', 6, 64), changed); err != nil {
		return nil, time.Time{}, fmt.Errorf("writing the rate of %s: %w", account, err)
	}
	return mails, next, nil
}
