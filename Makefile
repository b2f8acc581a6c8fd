# The front door. Each of these first installs what is missing (tools/setup) and builds what changed.

run: ; @tools/run
build: ; @tools/setup build && tools/build build
setup: ; @tools/setup build test
test: ; @tools/setup test && tools/test $(T)
check: ; @tools/setup test check && tools/check $(C)
bench: ; @tools/setup bench && tools/build build && bench/run $(B)
screenshots: ; @tools/setup test && tools/build build && node tools/screenshots.mjs
deb: ; @tools/setup deb && tools/deb
format: ; @tools/setup check && git ls-files -co --exclude-standard '*.c' '*.h' | xargs -r clang-format -i
clean: ; rm -rf build build-*

.PHONY: run build setup test check bench screenshots deb format clean
