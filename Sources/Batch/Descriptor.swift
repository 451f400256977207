import Glibc

/// A file descriptor that is closed with its value.
struct Descriptor: ~Copyable {
    let number: Int32

    /// - Precondition: `number` is open, and nobody else closes it.
    init(owning number: Int32) {
        precondition(number >= 0, "not a descriptor")
        self.number = number
    }

    deinit { close(number) }

    /// Gives the descriptor away: whoever takes it closes it.
    consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code))
}
