# Everything one does with this repository, as one command each. `make` alone lists them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/sh

RUST_NEEDED := 1.95
NODE_NEEDED := 20
# Tests divide the hub's waits; the shipped binary is built without this door.
TEST_FEATURES := --features twilio-chat/short-waits
VENDOR := crates/twilio-chat/assets/vendor
STAMP := node_modules/.installed
BROWSER := tests/browser
RETRIEVAL_BENCH := cargo bench --profile fast -p hub-retrieval --bench

# What libFuzzer is told by the code under it, as the stable compiler says it; cargo-fuzz would need nightly.
FUZZ_FLAGS := --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
	-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
	-Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1

.PHONY: help run run-dev test browser build assets lint fmt bench bench-full fuzz audit need-rust need-node need-chromium

help: ## ta lista / this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: need-rust assets ## zbuduj i uruchom; bez konta Twilio: pokaz / build and start; without a Twilio account: the demo
	@cargo build --profile fast -p twilio-chat
	@cargo run --profile fast -q -p twilio-chat -- run

run-dev: run ## to samo co run / the same as run

test: need-rust assets ## wszystko, co musi przejść przed zmianą / everything that must pass before a change
	@echo '== fmt'
	@cargo fmt --all -- --check
	@echo '== clippy'
	@cargo clippy -q --workspace --all-targets $(TEST_FEATURES) -- -D warnings
	@echo '== doc'
	@RUSTDOCFLAGS='-D warnings' cargo doc -q --no-deps --workspace
	@echo '== test'
	@if cargo nextest --version >/dev/null 2>&1; then \
		cargo nextest run --workspace $(TEST_FEATURES); \
	else \
		cargo test -q --workspace --lib --bins --tests $(TEST_FEATURES); \
	fi
	@cargo test -q --doc -p twilio-chat $(TEST_FEATURES)
	@$(MAKE) --no-print-directory browser
	@echo '== OK'

browser: need-chromium $(BROWSER)/node_modules/.installed ## testy w przeglądarce / tests in a browser
	@echo '== browser'
	@cargo build -q -p twilio-chat $(TEST_FEATURES)
	@cd $(BROWSER) && CHROMIUM="$$(command -v chromium)" node_modules/.bin/playwright test

build: need-rust assets ## wersja do wdrożenia: target/release/twilio-chat / what ships
	@cargo build --release -p twilio-chat

assets: $(VENDOR)/bootstrap.min.css $(VENDOR)/htmx.min.js $(VENDOR)/idiomorph.min.js $(VENDOR)/uPlot.iife.min.js \
	$(VENDOR)/uPlot.min.css ## style i skrypty z npm / styles and scripts from npm

lint: need-rust ## clippy, jak w make test / as in make test
	@cargo clippy --workspace --all-targets $(TEST_FEATURES) -- -D warnings

fmt: need-rust ## sformatuj kod / format the code
	@cargo fmt --all

# Parts of the benchmark that the crate hub-retrieval has, by the bench they are in; all others are the hub's.
VECTOR_PARTS := vectors update

bench: need-rust assets ## pomiary; ONLY=nazwa: jedna część / measurements; ONLY=name: one part
	@case ' $(VECTOR_PARTS) ' in \
		*' $(if $(ONLY),$(ONLY),-) '*) $(RETRIEVAL_BENCH) vectors -- $(ONLY) ;; \
		*) case '$(ONLY)' in \
			'') cargo bench --profile fast -p twilio-chat --bench hub && $(RETRIEVAL_BENCH) lexical && \
				$(RETRIEVAL_BENCH) vectors ;; \
			lexical) $(RETRIEVAL_BENCH) lexical ;; \
			*) cargo bench --profile fast -p twilio-chat --bench hub -- $(ONLY) ;; esac ;; esac

bench-full: need-rust assets ## pomiary z milionem wiadomości i wektorów (pół godziny) / measurements with a million of each
	@cargo bench --profile fast -p twilio-chat --bench hub -- full
	@HUB_IMPORT_ROWS=1000000 cargo test --profile fast -p hub-store --test it -- --ignored --nocapture a_large_installation
	@cargo bench --profile fast -p hub-retrieval --bench vectors -- million

fuzz: need-rust ## losowe pliki, po minucie na format; potrzebny g++ / random files, a minute a format; needs g++
	@command -v g++ >/dev/null || { echo 'Brak / missing: g++.  sudo apt install g++' >&2; exit 1; }
	@host=$$(rustc -vV | sed -n 's/^host: //p'); \
	cd fuzz && RUSTFLAGS='$(FUZZ_FLAGS)' cargo build -q --release --target "$$host" && \
	for target in faiss npz pickle; do \
		mkdir -p "corpus/$$target" && \
		"target/$$host/release/$$target" -max_total_time=60 -rss_limit_mb=512 "corpus/$$target" || exit 1; done

audit: need-rust ## licencje, zakazane i zbędne zależności / licences, banned and unused dependencies
	@if cargo deny --version >/dev/null 2>&1; then cargo deny check bans licenses sources; else \
		echo 'Brak / missing: cargo-deny. Zainstaluj / install: cargo install --locked cargo-deny' >&2; exit 1; fi
	@if cargo machete --version >/dev/null 2>&1; then cargo machete; else \
		echo 'Brak / missing: cargo-machete. Zainstaluj / install: cargo install --locked cargo-machete' >&2; exit 1; fi

# ===== Styles and scripts =====

$(VENDOR)/bootstrap.min.css: FROM = node_modules/bootstrap/dist/css/bootstrap.min.css
$(VENDOR)/htmx.min.js: FROM = node_modules/htmx.org/dist/htmx.min.js
$(VENDOR)/idiomorph.min.js: FROM = node_modules/idiomorph/dist/idiomorph.min.js
$(VENDOR)/uPlot.iife.min.js: FROM = node_modules/uplot/dist/uPlot.iife.min.js
$(VENDOR)/uPlot.min.css: FROM = node_modules/uplot/dist/uPlot.min.css

$(VENDOR)/%: $(STAMP)
	@mkdir -p $(VENDOR)
	@cp $(FROM) $@

$(STAMP): package.json package-lock.json
	@$(MAKE) --no-print-directory need-node
	@echo 'npm ci: style i skrypty / styles and scripts'
	@npm ci --ignore-scripts --loglevel=error
	@touch $@

$(BROWSER)/node_modules/.installed: $(BROWSER)/package.json $(BROWSER)/package-lock.json
	@$(MAKE) --no-print-directory need-node
	@echo 'npm ci: Playwright, axe'
	@cd $(BROWSER) && npm ci --ignore-scripts --loglevel=error
	@touch $@

# ===== What must be installed =====

# $(call newer,FOUND,NEEDED) succeeds when FOUND is at least NEEDED.
newer = { [ -n "$(1)" ] && [ "$$(printf '%s\n' "$(2)" "$(1)" | sort -V | head -n 1)" = "$(2)" ]; }

need-rust:
	@found=$$(rustc --version 2>/dev/null | cut -d ' ' -f 2 | cut -d - -f 1); \
	if ! command -v cargo >/dev/null || ! $(call newer,$$found,$(RUST_NEEDED)); then \
		echo "Potrzebny Rust / Rust needed: >= $(RUST_NEEDED) (jest / found: $${found:-brak / none})" >&2; \
		echo '  sudo apt install rustup && rustup default stable     (inaczej / otherwise: https://rustup.rs)' >&2; \
		echo '  po instalacji / after that: . "$$HOME/.cargo/env"' >&2; exit 1; fi
	@if ! command -v cc >/dev/null; then \
		echo 'Potrzebny kompilator C / a C compiler is needed: sudo apt install build-essential' >&2; exit 1; fi

need-node:
	@found=$$(node --version 2>/dev/null | tr -d v); \
	if ! command -v npm >/dev/null || ! $(call newer,$$found,$(NODE_NEEDED)); then \
		echo "Potrzebny Node.js z npm / Node.js with npm needed: >= $(NODE_NEEDED) (jest / found: $${found:-brak / none})" >&2; \
		echo '  sudo apt install nodejs npm     (starszy system / an older system: https://nodejs.org)' >&2; exit 1; fi

# As root (containers, CI) it is installed; anybody else is told how.
need-chromium:
	@if ! command -v chromium >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo 'apt-get install chromium'; \
			apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null; \
		else \
			echo 'Potrzebne Chromium do testów / Chromium needed for the tests: sudo apt install chromium' >&2; exit 1; fi; fi
