import Glibc

/// Standard output, for results.
enum StandardOutput {
    /// Writes all of `text`.
    ///
    /// - Throws: `inputOutput`, or ends quietly where the reader has gone (as under `head`).
    static func write(_ text: String) throws(CommandFailure) {
        guard writeAll(text, to: STDOUT_FILENO) else {
            if errno == EPIPE { exit(0) }
            throw CommandFailure(.inputOutput, "standard output: \(String(cString: strerror(errno)))")
        }
    }
}

/// Standard error, for progress and messages.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) { _ = writeAll(text, to: STDERR_FILENO) }
}

private func writeAll(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}
