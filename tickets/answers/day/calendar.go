package day

import (
	"strings"
	"time"
)

// calendar is the days around the one on which a mail was written, for the answer to a question.
type calendar struct {
	Context
	today time.Time // at midnight
}

// daysTo returns in how many days a weekday comes next, 7 for that of today.
func (c *calendar) daysTo(weekday int) int {
	if gap := (weekday - int(c.today.Weekday()) + 7) % 7; gap > 0 {
		return gap
	}
	return 7
}

// next returns the nearest day to come that is a weekday.
func (c *calendar) next(weekday int) time.Time { return c.today.AddDate(0, 0, c.daysTo(weekday)) }

// last returns the nearest day before today that is a weekday.
func (c *calendar) last(weekday int) time.Time {
	if gap := c.daysTo(weekday); gap < 7 {
		return c.today.AddDate(0, 0, gap-7)
	}
	return c.today.AddDate(0, 0, -7)
}

// inWeek returns a weekday of the week that is so many weeks away. It begins on Monday.
func (c *calendar) inWeek(weeks, weekday int) time.Time {
	sinceMonday := func(weekday int) int { return (weekday + 6) % 7 }
	return c.today.AddDate(0, 0, 7*weeks+sinceMonday(weekday)-sinceMonday(int(c.today.Weekday())))
}

// nearest returns the nearest of so many days that fits, from today on, or back from it if the
// question asks for what has been. ok is false if none fits.
func (c *calendar) nearest(days int, fits func(time.Time) bool) (d time.Time, ok bool) {
	step := 1
	if c.Past {
		step = -1
	}
	for far := range days {
		if d := c.today.AddDate(0, 0, step*far); fits(d) {
			return d, true
		}
	}
	return c.today, false
}

// numeric returns a date in three numbers. Which of the first two is the month depends on the
// language; in English nobody can tell, unless one of them is too large for it.
func (c *calendar) numeric(first, second, year int, sign string) (d time.Time, ok, sure bool) {
	date, month, ordered := c.dateAndMonth(first, second, year, sign)
	d, ok, sure = c.nearestYear(year, month, date)
	if ordered {
		return d, ok, sure
	}
	other, valid, otherSure := c.nearestYear(year, date, month)
	switch {
	case !c.Past && !c.Coming || !ok || !valid:
		return d, ok, false
	case year == 0:
		d, sure = c.likelier(d, other, sure, otherSure)
		return d, true, sure
	case d.After(c.today) == other.After(c.today):
		return d, true, false
	case d.After(c.today) == c.Past: // of two days one is still to come: that is the one, or it is not
		return other, true, otherSure
	}
	return d, true, sure
}

// dateAndMonth returns which of the first two numbers of a date is the month. sure is false if it
// may be the other one.
func (c *calendar) dateAndMonth(first, second, year int, sign string) (date, month int, sure bool) {
	english := c.Language == "" || strings.HasPrefix(c.Language, "en")
	switch {
	case sign != "/" && sign != "-":
		return first, second, true
	case second > 12:
		ahead := second - c.today.Year()%100
		return second, first, year != 0 || ahead < -2 || ahead > 5 // 12/26 may be a month
	case english && first <= 12 && first != second:
		return first, second, false
	}
	return first, second, true
}

// likelier returns the one of two readings of a date without its year that is in the time that is
// asked for, or else the nearer one. It is sure if the other one is far away: 7/3 in March is no
// third of July.
func (c *calendar) likelier(d, other time.Time, certain, otherCertain bool) (likely time.Time, sure bool) {
	near, far := d.Sub(c.today).Abs(), other.Sub(c.today).Abs()
	switch {
	case certain && !otherCertain:
		return d, true
	case otherCertain && !certain:
		return other, true
	case near > far:
		d, near, far = other, far, near
	}
	return d, certain && near < 45*aDay && far > 120*aDay
}

// nearestYear returns a date whose year may be left out: it is the nearest one, or the nearest in
// the time that the question asks for. If the nearest is only weeks away in the other direction, or
// both are half a year away, nobody knows.
func (c *calendar) nearestYear(year, month, date int) (d time.Time, ok, sure bool) {
	if year != 0 {
		return c.inYear(year, month, date)
	}
	d, away, ok := c.closest(month, date)
	comes := d.Sub(c.today)
	toCome := !c.Past && (c.Coming || c.until)
	switch {
	case !c.Past && !toCome:
		return d, ok, away < 165*aDay
	case toCome == (comes >= 0) || c.Past && comes <= aDay:
		return d, ok, true
	case away < 60*aDay && !c.until:
		return d, ok, false
	case toCome:
		return d.AddDate(1, 0, 0), ok, true
	}
	return d.AddDate(-1, 0, 0), ok, true
}

// inYear returns a date whose year has four digits, or two.
func (c *calendar) inYear(year, month, date int) (d time.Time, ok, sure bool) {
	d, ok = dateOf(year, month, date)
	if c.Birth && ok && year < 100 && d.After(c.today) { // in '65
		d, ok = dateOf(1900+year, month, date)
		return d, ok, true
	}
	return d, ok, year > 99 || d.Year() < c.today.Year()+10 // of '65 nobody knows
}

// closest returns the date of this year, the last or the next one that is nearest, and how far it
// is away. ok is false if there is none.
func (c *calendar) closest(month, date int) (d time.Time, away time.Duration, ok bool) {
	away = time.Duration(1 << 62)
	for year := c.today.Year() - 1; year <= c.today.Year()+1; year++ {
		one, valid := dateOf(year, month, date)
		if far := one.Sub(c.today).Abs(); valid && far < away {
			d, away, ok = one, far, true
		}
	}
	return d, away, ok
}

const aDay = 24 * time.Hour

// dateOf returns a date that there is.
func dateOf(year, month, date int) (time.Time, bool) {
	if year < 100 {
		year += 2000
	}
	d := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	return d, month >= 1 && month <= 12 && d.Day() == date && year >= 1900 && year < 2200
}
