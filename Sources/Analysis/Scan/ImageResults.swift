import Findings

/// What became of a scan's images, as one result: of one image alone, just its own.
struct ImageResults {
    /// The most telling of all images': findings, then why there are none.
    private var status = AnalysisResult.Status.noTissue
    private var remarks: [String] = []
    private var quality: [String: Double] = [:]
    private var illustration = ScanIllustration.none
    private var embeddings: [EmbeddingBlock] = []

    init(imagesInFile: Int, analysed: Int) {
        guard imagesInFile > 1 else { return }
        let others = imagesInFile - analysed
        remarks.append(
            "the file holds \(imagesInFile) images; "
                + (analysed == 1
                    ? "only the largest was analysed"
                    : others == 0 ? "all were analysed" : "\(analysed) of the largest's kind were analysed"))
        if others > 0 {
            remarks.append("images left out, smaller than sections are, or focal planes: \(others)")
        }
    }

    /// Of the image that describes the scan.
    mutating func add(_ result: AnalysisResult) {
        status = result.status
        remarks += result.remarks
        quality = result.quality
        illustration = result.illustration
        embeddings = result.embeddings
    }

    /// - Parameter embeddings: the result's, placed among those of the scan.
    mutating func add(
        _ result: AnalysisResult, of image: ScannedImage, beside main: ScannedImage, _ embeddings: [EmbeddingBlock]
    ) {
        self.embeddings += embeddings
        if image.spacing != main.spacing, let value = image.spacing.micrometresPerPixel {
            remark(image.number, "its spacing is \(value) um/px (\(image.spacing.source.rawValue)), not the first's")
        }
        // Whoever reads of findings reads what is said of the images without.
        if status != .findings, result.status == .findings { remark(main.number, Self.words(of: status)) }
        if result.status != .findings { remark(image.number, Self.words(of: result.status)) }
        if result.status == .findings || status == .noTissue { status = result.status }
        for sentence in result.remarks { remark(image.number, sentence) }
        illustration = illustration.adding(result.illustration.placed(inImage: image.number))
        for (name, value) in result.quality { quality["image_\(image.number)_\(name)"] = value }
    }

    mutating func leaveOut(_ image: ScannedImage, _ failure: AnalysisFailure) {
        remark(image.number, "was not analysed: \(failure.message)")
    }

    var result: AnalysisResult {
        AnalysisResult(
            status: status, remarks: remarks, quality: quality, findings: [], illustration: illustration,
            embeddings: embeddings)
    }

    private mutating func remark(_ image: Int, _ sentence: String) { remarks.append("image \(image): \(sentence)") }

    private static func words(of status: AnalysisResult.Status) -> String {
        switch status {
        case .findings: "was analysed"
        case .noTissue: "holds no tissue"
        case .rejected: "was rejected for its quality"
        }
    }
}
