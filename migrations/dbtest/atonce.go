package dbtest

import (
	"flag"
	"runtime"
	"strconv"
)

// AtOnce lets so many parallel tests of a package go on at once for each processor, unless
// -parallel says otherwise: for TestMain of packages whose tests mostly wait.
func AtOnce(perProcessor int) {
	flag.Parse()
	f := flag.Lookup("test.parallel")
	if f.Value.String() != strconv.Itoa(runtime.GOMAXPROCS(0)) {
		return
	}
	if err := f.Value.Set(strconv.Itoa(perProcessor * runtime.GOMAXPROCS(0))); err != nil {
		panic(err) // a number
	}
}
