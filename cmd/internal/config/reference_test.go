package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"tierdesk/rules/fault"
)

func TestReferenceIsFresh(t *testing.T) {
	golden(t, "../../../docs/configuration.md", Reference())
}

func TestSchemasAreFresh(t *testing.T) {
	schemas := Schemas()
	for name, b := range schemas {
		golden(t, "../../../docs/schema/"+name, string(b))
	}
	files, err := filepath.Glob("../../../docs/schema/*")
	must(t, err)
	if len(files) != len(schemas) {
		t.Errorf("docs/schema holds %d files, %d are made", len(files), len(schemas))
	}
}

// Every key says what it is for, and its example loads.
func TestEveryKeyIsExplained(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var visit func(path string, st reflect.Type)
	visit = func(path string, st reflect.Type) {
		if seen[st] {
			return
		}
		seen[st] = true
		fields := fieldsOf(st)
		for _, name := range keysOf(st) {
			f := fields[name]
			if len(f.Tag.Get("doc")) < 5 || !strings.HasSuffix(f.Tag.Get("doc"), ".") {
				t.Errorf("%s%s: no sentence says what it is for", path, name)
			}
			for _, tag := range []string{"eg", "default"} {
				if eg := f.Tag.Get(tag); eg != "" {
					into := reflect.New(st)
					if faults := readKey(name+": "+eg, into.Interface()); faults != "" {
						t.Errorf("%s of %s%s: %s", tag, path, name, faults)
					}
				}
			}
			if _, inner, below := describe(f); inner != nil {
				visit(path+name+below+".", inner)
			}
		}
	}
	for _, f := range schemaOf {
		visit(f.file+": ", reflect.TypeOf(f.into).Elem())
	}
	visit("kb: ", reflect.TypeFor[frontMatter]())
}

// readKey reads one line into a struct, and gives all faults but those of keys that are missing.
func readKey(line string, into any) string {
	var list fault.List
	readYAML("x.yaml", []byte(line), into, &list)
	var out []string
	for _, f := range list {
		if !strings.HasSuffix(f.Text, "is missing") {
			out = append(out, f.Error())
		}
	}
	return strings.Join(out, "\n")
}

// The schemas take what the desk takes: editors must not mark right files as wrong.
func TestSchemasTakeTheFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	must(t, Init(t.Context(), dir, Answers{}))
	schemas := map[string]any{}
	for name, b := range Schemas() {
		var s any
		must(t, json.Unmarshal(b, &s))
		schemas[name] = s
	}
	for _, from := range []string{dir, "testdata/design", "testdata/base"} {
		for _, f := range schemaOf {
			files, err := filepath.Glob(filepath.Join(from, f.file))
			must(t, err)
			for _, file := range files {
				b, err := os.ReadFile(file)
				must(t, err)
				b = []byte(uncommented(string(b)))
				var content any
				if err := yaml.Load(b, &content); err != nil {
					if strings.Contains(err.Error(), "no documents") {
						continue
					}
					t.Fatal(err)
				}
				for _, wrong := range invalid(schemas[f.name], content, "") {
					t.Errorf("%s: %s", file, wrong)
				}
			}
		}
	}
	// And it marks what is wrong.
	for name, text := range map[string]string{
		"tierdesk.json": "desk: {name: a, domain: b, admin: c, x: d}\ninboxes: {}\noutgoing: {smtp: smtps://a}",
		"service.json":  "close_after: 5",
		"people.json":   "teams: {a: {notify: everybody}}",
		"rules.json":    "rules: [{name: a, do: [{reply: x, stop: true}]}]",
	} {
		var content any
		must(t, yaml.Load([]byte(text), &content))
		if len(invalid(schemas[name], content, "")) == 0 {
			t.Errorf("%s takes %q", name, text)
		}
	}
}

// invalid tells what a schema does not take: of the words of JSON Schema it knows those that the schemas use, and no others.
func invalid(schema, v any, path string) []string {
	s, ok := schema.(map[string]any)
	if !ok {
		if schema == false {
			return []string{path + ": must not be there"}
		}
		return nil
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, path+": "+fmt.Sprintf(format, args...)) }
	object, isObject := v.(map[string]any)
	if v == nil {
		return nil // an empty value is for tierdesk check
	}
	for word, want := range s {
		switch word {
		case "$schema", "title", "description", "format":
		case "type":
			is := map[string]bool{"object": isObject, "string": reflect.ValueOf(v).Kind() == reflect.String || reflect.TypeOf(v).String() == "time.Time",
				"integer": reflect.ValueOf(v).CanInt(), "boolean": reflect.ValueOf(v).Kind() == reflect.Bool, "array": reflect.ValueOf(v).Kind() == reflect.Slice}
			if !is[want.(string)] {
				add("%v is no %s", v, want)
			}
		case "properties":
			for name, inner := range want.(map[string]any) {
				if x, ok := object[name]; ok {
					out = append(out, invalid(inner, x, path+"."+name)...)
				}
			}
		case "additionalProperties":
			known, _ := s["properties"].(map[string]any)
			for name, x := range object {
				if _, ok := known[name]; !ok {
					out = append(out, invalid(want, x, path+"."+name)...)
				}
			}
		case "required":
			for _, name := range want.([]any) {
				if _, ok := object[name.(string)]; isObject && !ok {
					add("%s is missing", name)
				}
			}
		case "items":
			if list, ok := v.([]any); ok {
				for i, x := range list {
					out = append(out, invalid(want, x, fmt.Sprintf("%s[%d]", path, i))...)
				}
			}
		case "enum":
			if !slices.ContainsFunc(want.([]any), func(w any) bool { return fmt.Sprint(w) == fmt.Sprint(v) }) {
				add("%v is not one of %v", v, want)
			}
		case "pattern":
			if text, ok := v.(string); ok && !regexp.MustCompile(want.(string)).MatchString(text) {
				add("%q does not fit %s", text, want)
			}
		case "minProperties", "maxProperties":
			if n := int(want.(float64)); isObject && (word == "minProperties" && len(object) < n || word == "maxProperties" && len(object) > n) {
				add("%d keys", len(object))
			}
		case "anyOf":
			var all []string
			fits := false
			for _, inner := range want.([]any) {
				bad := invalid(inner, v, path)
				fits = fits || len(bad) == 0
				all = append(all, bad...)
			}
			if !fits {
				out = append(out, all...)
			}
		default:
			add("the schema says %q, which this test does not know", word)
		}
	}
	return out
}
