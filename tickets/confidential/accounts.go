package confidential

// accounts finds IBANs with valid check digits, written as one piece or in groups.
func accounts(all []symbol) []Span {
	var out []Span
	for i := 0; i+4 < len(all); i++ {
		n := ibanLength(all[i:])
		if n == 0 || i > 0 && all[i].gap == joined || len(all) < i+n || !together(all[i:i+n]) || !validIBAN(all[i:i+n]) {
			continue
		}
		out = append(out, Span{Account, int(all[i].start), int(all[i+n-1].end)})
		i += n - 1
	}
	return out
}

// ibanLength returns the length of an IBAN with this beginning, 0 if there is none.
func ibanLength(all []symbol) int {
	if isDigit(all[0].value) || isDigit(all[1].value) || !isDigit(all[2].value) || !isDigit(all[3].value) {
		return 0
	}
	return ibanLengths[string([]byte{all[0].value, all[1].value})]
}

func together(number []symbol) bool {
	for _, s := range number[1:] {
		if s.gap == apart {
			return false
		}
	}
	return true
}

// validIBAN reports whether the check digits are correct (ISO 7064, MOD 97-10).
func validIBAN(number []symbol) bool {
	rest := 0
	for i := range number {
		value := number[(i+4)%len(number)].value
		if isDigit(value) {
			rest = (rest*10 + int(value-'0')) % 97
		} else {
			rest = (rest*100 + int(value-'A') + 10) % 97
		}
	}
	return rest == 1
}

// ibanLengths are the lengths of IBANs by country (SWIFT's IBAN registry).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27,
	"BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28,
	"EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
	"GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
	"IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
	"LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
	"NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
	"RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25,
	"SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}
