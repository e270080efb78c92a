package sqldb

// Unbuffered has each row written when it is inserted: what rows that are kept back are compared with.
func Unbuffered() Option { return func(o *options) { o.unbuffered = true } }
