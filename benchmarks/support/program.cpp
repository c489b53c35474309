#include "benchmarks/support/program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

namespace joust::bench {

int run_program(int argc, char** argv, const char* about,
                const std::function<void(CLI::App&)>& declare,
                const std::function<void()>& measure) {
  CLI::App app(about);
  declare(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    measure();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", argv[0], error.what());
    return 1;
  }
  return 0;
}

}  // namespace joust::bench
