extension ScanSetPlan {
    /// The set in `Fixtures/scans`, which `Pipelines/nightly` runs over when it is given no folder: every class, a spread
    /// of TIFF kinds, one scan of bare glass, nothing broken.
    public static let demonstration = ScanSetPlan(
        seed: 2026, patients: 8, scansPerPatient: 2...3, side: 224...256,
        flavours: [
            .strips, .lzwTiles, .jpegTiles, .deflateStrips, .pyramidPages, .planarTiles, .bigTIFF, .jpegStrips,
            .zstdStrips, .sixteenBit, .bigEndian, .alpha, .packBitsStrips, .webPTiles, .pyramidSubdirectories,
            .bigEndian16Bit, .upsideDown, .planarStrips, .oneRowStrips, .lzmaStrips,
        ],
        blankScans: 1, patientPrefix: "DEMO", split: "demo")
}
