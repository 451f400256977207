import ArgumentParser
import Fixtures

struct ScansCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scans",
        abstract: "Write a folder of small scans with masks, a manifest and the truth of every gland.")

    @Option(help: "The folder to write to; it is created.")
    var output: String

    @Option(help: "What everything is drawn from.")
    var seed: UInt64 = 1

    @Option(help: "How many patients; the six classes take turns.")
    var patients = 6

    @Option(help: "How many scans a patient has: a number or a range such as 2-3.")
    var scansPerPatient = CountRange(2...2)

    @Option(help: "Pixels a side: a number or a range such as 224-320.")
    var size = CountRange(224...224)

    @Option(help: FlavourList.help)
    var flavours = FlavourList(Flavour.lossless)

    @Option(help: "The share of scans that show the tissue's edge.")
    var edges = 0.2

    @Option(help: "How many scans of bare glass to add; no manifest lists them.")
    var blank = 0

    @Option(help: "What the names of the patients begin with.")
    var patientPrefix = "SYN"

    @Option(help: "What the manifest's column `split` says.")
    var split = "train"

    @Option(help: "A folder for label images, one number a gland.")
    var labels: String?

    @Flag(help: "Write the spacing into the resolution tags.")
    var tellSpacing = false

    @OptionGroup var spacing: SpacingOption

    func run() throws {
        let plan = ScanSetPlan(
            seed: seed, patients: patients, scansPerPatient: scansPerPatient.range, side: size.range,
            flavours: flavours.flavours, edgeShare: edges, blankScans: blank, patientPrefix: patientPrefix,
            split: split, spacing: spacing.spacing, tellsSpacing: tellSpacing)
        var count = 0
        try ScanSet(plan).write(to: output, labels: labels) { _, total in count = total }
        print("\(count) scans in \(output)")
    }
}
