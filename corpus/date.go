package corpus

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

//go:embed data/months.tsv
var monthsTSV string

// months maps a month's name in six languages to its number.
var months = func() map[string]int {
	m := make(map[string]int)
	for _, row := range rows(monthsTSV) {
		n, _ := strconv.Atoi(row[0])
		for _, name := range splitList(row[1]) {
			m[name] = n
		}
	}
	return m
}()

var (
	isoDate   = regexp.MustCompile(`\b(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?)?`)
	dayFirst  = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th|º|er|\.)?[ -](?:de |of )?(\p{L}{3,12})\.?,?[ -](?:de |del )?(\d{4})`)
	monthDay  = regexp.MustCompile(`(?i)\b(\p{L}{3,12})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})`)
	dotted    = regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b`)
	slashed   = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})/(\d{4})\b`)
	clock     = regexp.MustCompile(`(?i)\b(\d{1,2})[:.h](\d{2})(?::\d{2})?\s?([ap])?\.?(m\b)?`)
	americans = regexp.MustCompile(`(?i)\b(?:est|edt|et|cst|cdt|mst|pst|pdt)\b|\d\s?[ap]\.?m\b`)
)

// parseDate returns the first date that stands in s as ISO 8601, with the time
// of day where s gives it, or "". A date written with slashes counts only where
// its order is certain: something in s is American, or one number is too large
// for a month.
func parseDate(s string) string {
	s = strings.TrimSpace(asRead(s))
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return isoWithTime(m)
	}
	for _, form := range []struct {
		re               *regexp.Regexp
		day, month, year int
	}{{dayFirst, 1, 2, 3}, {monthDay, 2, 1, 3}, {dotted, 1, 2, 3}, {slashed, 1, 2, 3}} {
		m := form.re.FindStringSubmatchIndex(s)
		if m == nil {
			continue
		}
		part := func(i int) string { return s[m[2*i]:m[2*i+1]] }
		order := dayMonthOrder
		if form.re == slashed {
			order = slashOrder(s, part(form.day), part(form.month))
		}
		date := joinDate(part(form.year), part(form.month), part(form.day), order)
		if date == "" {
			continue
		}
		rest := s[:m[0]] + " " + s[m[1]:]
		return date + clockTime(rest)
	}
	return ""
}

// isoWithTime writes a match of isoDate in the full form.
func isoWithTime(m []string) string {
	date := joinDate(m[1], m[2], m[3], dayMonthOrder)
	if date == "" || m[4] == "" || m[4] > "23" || m[5] > "59" || m[6] > "60" {
		return date
	}
	seconds := m[6]
	if seconds != "" {
		seconds = ":" + seconds
	}
	return date + "T" + m[4] + ":" + m[5] + seconds + m[7]
}

// order is how a date with slashes is to be read.
type order int

const (
	dayMonthOrder order = iota
	monthDayOrder
	unsure
)

// slashOrder tells the order of a/b/year in s.
func slashOrder(s, a, b string) order {
	first, _ := strconv.Atoi(a)
	second, _ := strconv.Atoi(b)
	switch {
	case americans.MatchString(s) && first <= 12, second > 12:
		return monthDayOrder
	case first > 12 || first == second:
		return dayMonthOrder
	}
	return unsure
}

// joinDate returns year-month-day when that is a day of the calendar.
func joinDate(year, month, day string, how order) string {
	y, _ := strconv.Atoi(year)
	d, _ := strconv.Atoi(day)
	mo, err := strconv.Atoi(month)
	if err != nil {
		mo = months[strings.ToLower(month)]
	} else if how == monthDayOrder {
		mo, d = d, mo
	}
	t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	if how == unsure || mo == 0 || y < 1800 || t.Month() != time.Month(mo) || t.Day() != d {
		return ""
	}
	return t.Format(time.DateOnly)
}

// clockTime returns the time of day that stands in s as T15:04, or "".
func clockTime(s string) string {
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	h, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	if m[3] != "" && m[4] != "" {
		h %= 12
		if strings.EqualFold(m[3], "p") {
			h += 12
		}
	}
	if h > 23 || minute > 59 {
		return ""
	}
	return fmt.Sprintf("T%02d:%02d", h, minute)
}
