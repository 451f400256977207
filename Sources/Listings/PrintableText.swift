extension String {
    /// This text with whatever could steer a terminal, or reorder what is read, written out as `\u{1b}`.
    ///
    /// Patient ids, paths and remarks come from outside: an escape sequence in a file name must not reach a terminal.
    public var printable: String {
        guard unicodeScalars.contains(where: isSteering) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if isSteering(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// Controls, line separators, and the marks that reorder text ("Trojan Source", CVE-2021-42574).
func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x2029, 0x202A...0x202E, 0x2066...0x2069, 0x200E...0x200F, 0x061C, 0xFEFF:
        true
    default:
        false
    }
}
