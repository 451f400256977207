extension TIFFDirectory {
    /// Organisation, samples and codec for people, such as `tiled 8-bit RGB, JPEG`.
    public var summary: String { "\(sampleSummary), \(compression.name)" }

    /// Organisation and samples for people, such as `tiled 8-bit RGB`.
    public var sampleSummary: String {
        let layout =
            switch organisation {
            case .strips: "strips"
            case .tiles: "tiled"
            }
        let format =
            switch sampleFormat {
            case .floatingPoint: " float"
            case .signed: " signed"
            case .complexSigned, .complexFloatingPoint: " complex"
            case .unsigned, .undefined: ""
            }
        let extra =
            samplesPerPixel > photometricInterpretation.colourSamples
            ? "+\(samplesPerPixel - photometricInterpretation.colourSamples)" : ""
        let planes = planarConfiguration == .separate && samplesPerPixel > 1 ? " in planes" : ""
        return "\(layout) \(bitsPerSample)-bit\(format) \(photometricInterpretation.name)\(extra)\(planes)"
    }
}
