import TestSupport
import Testing

@Suite struct MisuseTests {
    /// Arguments, the exit code of the contract, and a part of the sentence.
    static let cases: [(arguments: [String], status: Int32, sentence: String)] = [
        (["query"], 64, "Say what to look for"),
        (["query", "--patient", "P1"], 66, "there is no database"),
        (["query", "--patient", "P1", "--database", "foreign.sqlite"], 65, "foreign.sqlite"),
        (["query", "--patient", "P1", "--min-confidence", "2"], 64, "--min-confidence must be from 0 to 1"),
        (["patients"], 66, "there is no database"),
        (["patients", "--database", "missing/folder.sqlite"], 66, "there is no folder"),
        (["export", "--format", "masks"], 64, "needs --output"),
        (["export", "--format", "wsinfer"], 64, "needs --output"),
        (["export", "--format", "sqlite", "--output", "x", "--run", "1"], 64, "writes the whole database"),
        (["report"], 64, "--output"),
        (["report", "--output", "pages"], 66, "there is no database"),
        (["export", "--gzip"], 64, "--gzip is for --format geojson"),
        (["export", "--bom", "--format", "json"], 64, "--bom is for --format csv"),
        (["export", "--names", "scan"], 64, "--names is for formats of a file a scan"),
        (["run"], 64, "Give at least one folder"),
        (["run", "nowhere"], 66, "cannot be found"),
        (["run", "empty", "--pipeline", "nosuch"], 66, "no pipeline `nosuch`"),
        (["run", "empty", "--pipeline", "./broken"], 65, "pipeline.yaml"),
        (["run", "empty", "--manifest", "nosuch.csv"], 66, "cannot be found"),
        (["run", "empty", "--manifest", "bad.csv"], 65, "manifest"),
        (["run", "empty", "--patient-pattern", "("], 64, "pattern"),
        (["run", "empty", "--patient-pattern", "a"], 64, "(?<patient>...)"),
        (["run", "empty", "--patient-from-label", "a"], 64, "(?<patient>...)"),
        (["run", "empty", "--roi", "nosuch"], 66, "the folder of outlines nosuch cannot be found"),
        (["run", "empty", "--workers", "0"], 64, "--workers must be from 1 to 1024"),
        (["run", "empty", "--deadline", "soon"], 64, "deadline"),
        (["run", "empty", "--stage", "nowhere"], 66, "the stage nowhere is no folder"),
        (["run", "empty", "--stage", "/proc"], 73, "files without a name"),
        (["run", "empty", "--shard", "5/4"], 64, "A part is written as 2/8"),
        (["run", "empty", "--shards", "4"], 64, "--shards is for --dry-run"),
        (["run", "empty", "--dry-run", "--shards", "0"], 64, "--shards must be from 1"),
        (["merge"], 64, "into"),
        (["merge", "all.sqlite"], 64, "from"),
        (["run", "empty", "--database", "/proc/x.sqlite"], 73, "x.sqlite"),
        (["verify"], 66, "there is no database"),
        (["verify", "--head", "abc"], 64, "64 hexadecimal digits"),
        (["verify", "--replay", "-1"], 64, "--replay"),
        (["diff", "1", "2"], 66, "there is no database"),
        (["diff", "1"], 64, "later"),
        (["similar", "--scan", "a.tif"], 66, "there is no database"),
        (["similar"], 64, "Give either --finding, --scan or --duplicates"),
        (["similar", "--scan", "a.tif", "--duplicates"], 64, "Give either --finding, --scan or --duplicates"),
        (["similar", "--scan", "a.tif", "--at", "3"], 64, "--at is x,y in pixels, with --scan"),
        (["similar", "--duplicates"], 66, "there is no database"),
        (["similar", "--finding", "abc"], 64, "32 hexadecimal digits"),
        (["forget", "--patient", "P1"], 66, "there is no database"),
        (["forget"], 64, "--patient"),
        (["serve"], 66, "there is no database"),
        (["serve", "--port", "70000"], 64, "--port must be from 0 to 65535"),
        (["backup"], 64, "file"),
        (["backup", "copy.sqlite"], 66, "there is no database"),
        (["export"], 66, "there is no database"),
        (["export", "--pseudonymise", "nosuch.key"], 66, "nosuch.key"),
        (["export", "--pseudonymise", "bad.csv"], 65, "the key of pseudonyms cannot be used"),
        (["inspect", "nowhere.tif"], 66, "there is no such file"),
        (["inspect", "bad.csv"], 1, "not a scan of a known format"),
        (["evaluate", "--manifest", "nosuch.csv"], 66, "nosuch.csv"),
        (["train"], 64, "--stage"),
        (
            ["train", "--stage", "glands", "--manifest", "nosuch.csv", "--output", "mine", "--epochs", "0"], 64,
            "--epochs must be from 1 to 10000"
        ),
        (
            ["train", "--stage", "glands", "--manifest", "a.csv", "--output", "mine", "--augmentation", "3"], 64,
            "from 0 to 2"
        ),
        (
            ["train", "--stage", "glands", "--manifest", "a.csv", "--output", "mine", "--accumulate", "0"], 64,
            "from 1 to"
        ),
        (
            ["train", "--stage", "glands", "--manifest", "a.csv", "--output", "mine", "--patience", "0"], 64,
            "from 1 to 20"
        ),
        (["model", "benchmark", "m.onnx", "--training", "--precision", "float32-exact"], 64, "float32 or bfloat16"),
        (["train", "--stage", "nosuch", "--manifest", "bad.csv", "--output", "mine"], 65, "there are glands, grades"),
        (["train", "--stage", "glands", "--manifest", "nosuch.csv", "--output", "mine"], 66, "nosuch.csv"),
        (
            ["train", "--stage", "glands", "--manifest", "bad.csv", "--output", "mine"], 65,
            "the manifest cannot be used"
        ),
        (["model", "inspect", "nosuch.onnx"], 66, "nosuch.onnx"),
        (["model", "inspect", "bad.csv"], 65, "not an ONNX file"),
        (["model", "new", "nosuch", "--output", "x.onnx"], 64, "no architecture `nosuch`"),
        (["model", "new", "alexnet", "--input", "3x32x32", "--output", "x.onnx"], 64, "cannot take 3 x 32 x 32"),
        (["model", "new", "lenet-5", "--input", "1x32", "--output", "x.onnx"], 64, "CxHxW"),
        (["model", "new", "lenet-5", "--output", "missing/x.onnx"], 73, "missing/x.onnx"),
        (
            ["model", "features", "bad.csv", "--input", "a.tif", "--layer", "c1", "--output", "x.png"], 65,
            "not an ONNX"
        ),
        (["model", "quantise", "bad.csv", "--calibrate", "a.npy", "--output", "x.onnx"], 65, "not an ONNX"),
        (["model", "quantise", "bad.csv", "--output", "x.onnx"], 64, "--calibrate"),
        (["pipeline", "check", "nosuch"], 66, "no pipeline `nosuch`"),
        (["pipeline", "check", "./broken"], 65, "pipeline.yaml"),
        (["pipeline", "new", "lab", "--from", "nosuch.onnx"], 66, "nosuch.onnx"),
        (["pipeline", "new", "lab"], 64, "--from"),
        (["pipeline", "calibrate", "lab"], 64, "--scans"),
        (["pipeline", "calibrate", "lab", "--scans", "a.tif", "--deviation", "2"], 64, "--deviation must be above 0"),
        (["pipeline", "calibrate", "nosuch", "--scans", "bad.csv"], 66, "no pipeline `nosuch`"),
        (["pipeline", "calibrate", "./broken", "--scans", "a.tif"], 66, "a.tif: there is no such file"),
        (
            ["pipeline", "calibrate", "colorectal-biopsy", "--scans", "bad.csv"], 65,
            "no stage has the `precision: int8`"
        ),
        (["nosuch"], 64, "nosuch"),
    ]

    @Test(arguments: cases)
    func misuseIsToldInASentenceWithItsExitCodeAndCreatesNoFile(
        arguments: [String], status: Int32, sentence: String
    ) throws {
        let folder = try TemporaryFolder()
        try folder.write("foreign.sqlite", "not a database of ours")
        try folder.write("broken/pipeline.yaml", "name: [")
        try folder.write("bad.csv", "colour,shape\nred,round\n")
        try folder.write("empty/readme.txt", "no scan")
        let before = folder.contents
        let result = try Scanreport(arguments, in: folder)
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains(sentence), "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(folder.contents == before)
    }

    @Test(arguments: [
        [], ["run"], ["query"], ["export"], ["patients"], ["scans"], ["runs"], ["verify"], ["diff"], ["similar"],
        ["forget"], ["backup"], ["merge"], ["inspect"], ["evaluate"], ["pipeline"], ["pipeline", "new"],
        ["pipeline", "check"], ["pipeline", "calibrate"],
        ["model"],
        ["model", "inspect"], ["model", "run"], ["model", "benchmark"], ["model", "verify"],
        ["model", "new"], ["model", "features"], ["model", "quantise"],
    ])
    func everyCommandHelps(command: [String]) throws {
        let folder = try TemporaryFolder()
        let help = try Scanreport(command + ["--help"], in: folder)
        #expect(help.status == 0)
        #expect(help.output.contains("OVERVIEW:"))
        #expect(help.output.contains("USAGE: scanreport"))
        #expect(!help.output.contains("worker  "))
    }
}
