package config

import (
	"encoding/json"
	"reflect"

	"github.com/invopop/jsonschema"
)

type schemaFile struct {
	name, file, title string
	into              any
}

// The files that have a schema, with the structs that they are read into.
var schemaOf = []schemaFile{
	{"tierdesk.json", mainName, "Tierdesk: connections and addresses", &mainFile{}},
	{"service.json", serviceName, "Tierdesk: tiers, priorities, clocks, escalation", &serviceFile{}},
	{"people.json", peopleName, "Tierdesk: agents, teams, vendors, organisations", &peopleFile{}},
	{"rules.json", "rules/*.yaml", "Tierdesk: routing rules and their tests", &rulesFile{}},
	{"form.json", "forms/*.yaml", "Tierdesk: a questionnaire or a request", &formFile{}},
}

// Schemas returns the JSON Schemas of the YAML files, by file name, with which editors complete
// keys and mark faults. They do not check references to other files; `tierdesk check` is stricter.
func Schemas() map[string][]byte {
	out := map[string][]byte{}
	for _, f := range schemaOf {
		s := reflector().Reflect(f.into)
		s.Title = f.title
		b, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			panic(err) // impossible: it is made from our own structs
		}
		out[f.name] = append(b, '\n')
	}
	return out
}

// reflector makes JSON Schemas from the structs of the files.
func reflector() *jsonschema.Reflector {
	return &jsonschema.Reflector{
		Anonymous: true, DoNotReference: true, RequiredFromJSONSchemaTags: true, FieldNameTag: "yaml",
		LookupComment: func(t reflect.Type, field string) string {
			if t.Kind() != reflect.Struct {
				return ""
			}
			f, _ := t.FieldByName(field)
			return f.Tag.Get("doc")
		},
	}
}
