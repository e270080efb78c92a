package sqldb

// WithoutDelay has each row written when it is inserted: what rows that are kept back are compared with.
func WithoutDelay() Option { return func(o *options) { o.atOnce = true } }
