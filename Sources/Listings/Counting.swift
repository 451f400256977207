extension Int {
    /// `1 scan`, `2 scans`.
    ///
    /// - Parameter many: where that is not the one with an s behind it.
    package func counting(_ one: String, _ many: String? = nil) -> String {
        "\(self) \(self == 1 ? one : many ?? one + "s")"
    }
}
