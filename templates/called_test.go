package templates

import "testing"

func TestCalledName(t *testing.T) {
	for shown, want := range map[string]string{
		"Tom Reed":                       "Tom Reed",
		"Tom":                            "Tom",
		"Reed, Tom":                      "Tom Reed",
		"\"Reed, Tom\"":                  "Tom Reed",
		"Müller, Anna (IT)":              "Anna Müller",
		"Müller, Anna, IT":               "Anna Müller",
		"Müller, Dr. Anna":               "Dr. Anna Müller",
		"García Márquez, Gabriel":        "Gabriel García Márquez",
		"von der Heide, Eva":             "Eva von der Heide",
		"REED Tom":                       "Tom Reed",
		"Tom REED":                       "Tom Reed",
		"REED, Tom":                      "Tom Reed",
		"O'BRIEN-REED Anna Maria":        "Anna Maria O'Brien-Reed",
		"TOM REED":                       "TOM REED",
		"JD Reed":                        "JD Reed",
		"Dr. Anna Müller":                "Dr. Anna Müller",
		"Anna Müller, PhD":               "Anna Müller",
		"Tom Reed, Jr.":                  "Tom Reed",
		"Tom Reed via Forms":             "Tom Reed",
		"Tom Reed [she/her]":             "Tom Reed",
		"Tom Reed | Acme GmbH":           "Tom Reed",
		"Reed, Tom via Google Formulare": "Tom Reed",
		"Tom Reed III":                   "Tom Reed III",
		"Tom Reed MBA":                   "Tom Reed MBA",
		"Tom Reed, CEO":                  "Tom Reed",
		"Tom Reed, Marketing":            "Tom Reed",
		"IBM Deutschland":                "IBM Deutschland",
		"Li WEI":                         "Li WEI",
		"tom.reed@gold.example":          "",
		"Acme GmbH":                      "",
		"Reed & Sons Ltd.":               "",
		"Support Team":                   "",
		"Info":                           "",
		"IT":                             "",
		"Buchhaltung Acme":               "",
		"山田 太郎":                          "山田 太郎",
		"Ivan Петров":                    "Ivan Петров",
		"":                               "",
		"( ) , ,":                        "",
		"Ann Via":                        "Ann Via",
		"Tom Reed, London":               "Tom Reed",
		"Tom Reed, Head of Logistics":    "Tom Reed",
		"Dr. Anna Müller, Berlin":        "Dr. Anna Müller",
		"Jean-Pierre Dupont, Lyon":       "Jean-Pierre Dupont",
		"Reed, Tom (Sales)":              "Tom Reed",
		"Reed, Tom, London":              "Tom Reed",
		"Reed Smith, Tom":                "Tom Reed Smith",
		"REED SMITH, Tom":                "Tom Reed Smith",
		"López García, José María":       "José María López García",
		"Nguyen, Thuy":                   "Thuy Nguyen",
		"Thomas, Kerstin":                "Kerstin Thomas",
		"Martin, J.":                     "J. Martin",
		"van Dijk, Jeroen":               "Jeroen van Dijk",
		"Tom Reed - Acme":                "Tom Reed",
		"Acme – Tom Reed":                "Tom Reed",
		"Anne-Marie Reed":                "Anne-Marie Reed",
		// Which part is the name cannot be told.
		"Tom, London":           "",
		"Wibble Wobble, London": "",
		"Tom Martin, Paul":      "",
		"Acme - London":         "",
	} {
		if got := calledName(shown); got != want {
			t.Errorf("%q: %q, wanted %q", shown, got, want)
		}
	}
}

// A name that does not fit, or is none, is not used in part.
func TestGreeted(t *testing.T) {
	for shown, want := range map[string]string{
		"Reed, Tom (IT)": "Tom Reed",
		"Maximilian Alexander von und zu Hohenlohe-Waldburg": "",
		"Tom https://evil.example/x":                         "",
		"":                                                   "",
	} {
		if got := greeted(shown); got != want {
			t.Errorf("%q: %q, wanted %q", shown, got, want)
		}
	}
}
