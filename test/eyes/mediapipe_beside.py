"""MediaPipe's own face mesh on the pictures of a folder: processor time a picture, decoding included, as JSON.

Called by `beside.ts` with the folder; needs `pip install mediapipe==0.10.21` (which brings OpenCV).
"""

import json
import pathlib
import sys
import time

import cv2
import mediapipe

ROUNDS = 5


def main(folder: str) -> None:
    files = sorted(pathlib.Path(folder).glob("*.jpg"))
    pictures = [file.read_bytes() for file in files]

    def decode(picture: bytes):
        import numpy

        raw = numpy.frombuffer(picture, dtype=numpy.uint8)
        return cv2.cvtColor(cv2.imdecode(raw, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)

    def measure(mesh) -> tuple[float, int]:
        found = 0
        for picture in pictures:
            mesh.process(decode(picture))
        best = float("inf")
        for _ in range(ROUNDS):
            found = 0
            start = time.process_time()
            for picture in pictures:
                found += mesh.process(decode(picture)).multi_face_landmarks is not None
            best = min(best, (time.process_time() - start) * 1000 / len(pictures))
        return best, found

    make = mediapipe.solutions.face_mesh.FaceMesh
    with make(static_image_mode=False, max_num_faces=1) as mesh:
        tracked, found = measure(mesh)
    with make(static_image_mode=True, max_num_faces=1) as mesh:
        cold, _ = measure(mesh)
    version = mediapipe.__version__
    print(json.dumps({"version": version, "trackedMs": tracked, "coldMs": cold, "found": found}))


main(sys.argv[1])
