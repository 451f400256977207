import Slides

extension ColourReading {
    /// Whether a file's colour profile is applied.
    private enum Profile: String, CaseIterable {
        case apply, ignore
    }

    /// - Parameter mapping: `colour` of `pipeline.yaml`. Nil where it has problems, which the mapping then knows.
    init?(_ mapping: StrictMapping) {
        let profile: Profile? = mapping.word("profile", default: .apply)
        var channels: [Int]?
        if mapping.has("channels"), let numbers = mapping.doubles("channels") {
            channels = numbers.compactMap { Int(exactly: $0) }.filter { (1...1_000).contains($0) }
            if channels?.count != 3 || numbers.count != 3 {
                mapping.report("channels", "must be three numbers from 1: the channels of red, green and blue")
            }
        }
        mapping.finish()
        guard let profile else { return nil }
        self.init(channels: channels, appliesProfile: profile == .apply)
    }
}
