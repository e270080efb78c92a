package rules

import (
	"reflect"
	"time"
)

// Word is a name that conditions can use, for the documentation.
type Word struct {
	Name  string // "subject", "ticket.tier", "attachments[].name", "fold"
	Type  string // text, number, yes or no, list, table, length of time, instant, function
	Means string
}

// Words returns every fact and every function of the desk that conditions can use. Conditions can
// also use the operators of expr and the functions that Functions returns.
func Words() []Word { return describe("", reflect.TypeFor[scope]()) }

// Functions returns the functions of the expr language that conditions can use.
func Functions() []string { return append([]string(nil), builtins...) }

func describe(prefix string, of reflect.Type) []Word {
	var list []Word
	for _, field := range members(of) {
		word := Word{Name: prefix + field.Tag.Get("expr"), Type: typeName(field.Type), Means: field.Tag.Get("doc")}
		t := field.Type
		if word.Type == "" {
			list = append(list, describe(word.Name+".", t)...)
			continue
		}
		list = append(list, word)
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct {
			list = append(list, describe(word.Name+"[].", t.Elem())...)
		}
	}
	return list
}

// typeName returns an admin's word for a type, "" for one that only groups others.
func typeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "instant"
	case reflect.TypeFor[time.Duration]():
		return "length of time"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Int:
		return "number"
	case reflect.Bool:
		return "yes or no"
	case reflect.Slice:
		return "list"
	case reflect.Map:
		return "table"
	case reflect.Func:
		return "function"
	}
	return ""
}

// members returns the fields of a type that conditions can name, including those of embedded types.
func members(of reflect.Type) []reflect.StructField {
	var list []reflect.StructField
	for _, field := range reflect.VisibleFields(of) {
		if tag := field.Tag.Get("expr"); tag != "" && tag != "-" {
			list = append(list, field)
		}
	}
	return list
}

// words returns the names of the members of a type.
func words(of reflect.Type) []string {
	var list []string
	for _, field := range members(of) {
		list = append(list, field.Tag.Get("expr"))
	}
	return list
}
