// Package floors holds no code, only the test that guards the house: who may import whom, which library is used where, and a
// few habits that a compiler does not check. docs/architecture.md shows the picture.
package floors
