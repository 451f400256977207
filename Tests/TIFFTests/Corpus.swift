import Foundation
import TestSupport
import Testing

/// Files of other projects that are not in the repository: in `$SCANREPORT_SHARED`, or in `shared` beside the checkout.
enum Corpus {
    static let tiff = Repository.shared("corpora/tiff")

    static let absence = "the corpus is not here: set SCANREPORT_SHARED, or put it into ../shared"

    static func files(_ folder: String) -> [String] {
        guard let tiff else { return [] }
        let names = try? FileManager.default.contentsOfDirectory(atPath: tiff.appending(path: folder).path)
        return (names ?? []).sorted().map { tiff.appending(path: folder).appending(path: $0).path }
    }
}

/// One line of the corpus's table of what tifffile reads.
struct ExpectedPage: Sendable, CustomTestStringConvertible {
    let file: String
    let page: Int
    let width: Int
    let height: Int
    let samples: Int
    let type: String
    let mean: Double
    let standardDeviation: Double

    var testDescription: String { "\(file), page \(page)" }

    /// `file,page,status,width,height,samples,dtype,mean,std`; nil for a page that tifffile could not read.
    init?(line: Substring) {
        let fields = line.split(separator: ",", maxSplits: 100, omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 9, fields[2] == "ok", let page = Int(fields[1]), let width = Int(fields[3]),
            let height = Int(fields[4]), let samples = Int(fields[5]), let mean = Double(fields[7]),
            let standardDeviation = Double(fields[8])
        else { return nil }
        (file, self.page, self.width, self.height, self.samples) = (fields[0], page, width, height, samples)
        // Booleans are bytes here, and half precision is widened.
        type = ["bool": "uint8", "float16": "float32"][fields[6]] ?? fields[6]
        (self.mean, self.standardDeviation) = (mean, standardDeviation)
    }

    static let all: [ExpectedPage] = {
        guard let table = Corpus.tiff?.appending(path: "odd-expected.csv"),
            let text = try? String(contentsOf: table, encoding: .utf8)
        else { return [] }
        return text.split(whereSeparator: \.isNewline).compactMap { ExpectedPage(line: $0) }
    }()
}
