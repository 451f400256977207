extension String {
    /// Without what nobody sees at either end: space of any kind (the no-break ones of spreadsheets too) and invisible
    /// marks, such as those that copying a path on Windows puts before it.
    public var trimmed: String {
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: isVisible), let last = scalars.lastIndex(where: isVisible) else {
            return ""
        }
        return String(scalars[start...last])
    }

    /// Whether it holds characters that steer a terminal or reorder what is read: no name does.
    public var holdsControls: Bool { unicodeScalars.contains(where: isSteering) }
}

private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    guard !scalar.isASCII else { return scalar.value > 0x20 }
    return !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
}
