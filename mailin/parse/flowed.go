package parse

import "strings"

// unflow joins the soft line breaks of format=flowed (RFC 3676 section 4) and takes the stuffing
// off. Quoted lines keep their breaks: whoever answers below a line must find that line again.
func unflow(s string, delSp bool) string {
	var w strings.Builder
	w.Grow(len(s))
	open := false // the line before ended in a soft break
	for line := range strings.Lines(s) {
		eol := ""
		if strings.HasSuffix(line, "\n") {
			eol = "\n"
		}
		line = strings.TrimRight(line, "\r\n")
		quoted := strings.HasPrefix(line, ">")
		if open && quoted {
			w.WriteByte('\n')
		}
		if !quoted {
			line = strings.TrimPrefix(line, " ")
		}
		soft := !quoted && strings.HasSuffix(line, " ") && line != "-- "
		if open && line == "-- " {
			w.WriteByte('\n')
		}
		if soft && delSp {
			line = line[:len(line)-1]
		}
		w.WriteString(line)
		if open = soft; !soft {
			w.WriteString(eol)
		}
	}
	return w.String()
}
