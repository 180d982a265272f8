// The firmware of devs/boards/buddy_s3_pca9685.ts, where the extension and `devs build` look for it (see main.ts).
import "../devs/boards/buddy_s3_pca9685";
