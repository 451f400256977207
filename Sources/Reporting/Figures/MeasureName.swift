/// What people call a quality measure, whose names in the database are HistoQC's.
enum MeasureName {
    private static let names = [
        "tissue_share": "Share of tissue", "pen_markings": "Share of pen marks",
        "brightestPixels": "Share clipped to white",
        "dark": "Share nearly black", "grayscale_brightness": "Brightness of the tissue",
        "tenenGrad_contrast": "Sharpness (Tenengrad)", "laplacian_variance": "Sharpness (variance of the Laplacian)",
        "deconv_c0_mean": "Haematoxylin, mean optical density", "deconv_c1_mean": "Eosin, mean optical density",
        "pixels_to_use": "Overview pixels of tissue",
    ]

    /// Whether scans are compared by it: not what follows their size, nor what is of a further image.
    static func isComparable(_ measure: String) -> Bool { measure != "pixels_to_use" && !measure.hasPrefix("image_") }

    private static let shares: Set = ["tissue_share", "pen_markings", "brightestPixels", "dark"]

    /// Differences that nobody would look at: two hundredths of a share, a twentieth of another measure.
    static func leastDeviation(of measure: String) -> (Double) -> Double {
        shares.contains(measure) ? { _ in 0.02 } : { abs($0) * 0.05 }
    }

    static func words(_ measure: String) -> String { names[measure] ?? measure }
}
