// The Debian package, made from this build and unpacked into a fresh place: what is in it works
// from there, and with what Debian has.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <sstream>

#include "common/sanitizer.hpp"
#include "runner/cli/command_line.hpp"
#include "runner/manual/man_page.hpp"
#include "tests/support/built_example.hpp"
#include "tests/support/chaos_run.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

Finished call(const std::string& program, const std::vector<std::string>& arguments) {
  JoustOptions options;
  options.program = "/usr/bin/" + program;
  Finished finished = joust(arguments, options, seconds(120));
  CAPTURE(program);
  CAPTURE(finished.out);
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  return finished;
}

// The package and what is in it, made once for all tests here.
class Package {
 public:
  Package() {
    const fs::path made = folder_.path() / "made";
    call("cpack", {"-G", "DEB", "--config",
                   (fs::path(JOUST_BIN_DIR).parent_path() / "CPackConfig.cmake").string(), "-B",
                   made.string()});
    for (const auto& entry : fs::directory_iterator(made)) {
      if (entry.path().extension() == ".deb") file_ = entry.path();
    }
    REQUIRE_FALSE(file_.empty());
    call("dpkg-deb", {"-x", file_.string(), root_.string()});
  }

  // The value of one field of its control file.
  std::string field(const std::string& name) const {
    std::string value = call("dpkg-deb", {"-f", file_.string(), name}).out;
    value.erase(value.find_last_not_of('\n') + 1);
    return value;
  }
  const fs::path& file() const { return file_; }
  fs::path usr() const { return root_ / "usr"; }
  JoustOptions options() const {
    JoustOptions options;
    options.program = usr() / "bin" / "joust";
    return options;
  }

 private:
  ScratchFolder folder_;
  fs::path root_ = folder_.path() / "ro ot";
  fs::path file_;
};

const Package& package() {
  static const Package made;
  return made;
}

// Of "libc6 (>= 2.34), libdw1": libc6 and libdw1.
std::vector<std::string> packages_in(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    part.erase(0, part.find_first_not_of(' '));
    names.push_back(part.substr(0, part.find(' ')));
  }
  return names;
}

TEST_CASE("the package says what it is and what it needs, all of which is installed here") {
  CHECK(package().field("Package") == "joust");
  CHECK(package().field("Version") == JOUST_VERSION "-1");
  CHECK(package().field("Section") == "science");
  CHECK(package().field("Architecture") + "\n" == call("dpkg", {"--print-architecture"}).out);
  CHECK(package().file().filename() == fmt::format("joust_{}_{}.deb", package().field("Version"),
                                                   package().field("Architecture")));
  CHECK(package().field("Recommends") == "python3");
  CHECK(has(package().field("Suggests"), "slurm-client"));
  const std::vector<std::string> needed = packages_in(package().field("Depends"));
  for (const char* name : {"libc6", "libstdc++6", "libsqlite3-0", "libtbb12", "libdw1"}) {
    CAPTURE(name);
    CHECK(std::find(needed.begin(), needed.end(), name) != needed.end());
  }
  for (const std::string& name : needed) {
    CAPTURE(name);
    CHECK(call("dpkg-query", {"-W", "-f", "${db:Status-Status}", name}).out == "installed");
  }
}

TEST_CASE("man pages, completions, licence and changelog are where Debian has them") {
  const fs::path share = package().usr() / "share";
  const cli::CommandLine line;
  const manual::Command program = manual::describe(*line.app);
  for (const manual::Command* command : manual::with_all_below(program)) {
    const fs::path page = share / "man" / "man1" / (manual::page_name(*command) + ".1.gz");
    CAPTURE(page);
    REQUIRE(fs::exists(page));
    CHECK(call("zcat", {page.string()}).out == manual::man_page(program, *command));
  }
  CHECK(fs::exists(share / "bash-completion" / "completions" / "joust"));
  CHECK(fs::exists(share / "zsh" / "vendor-completions" / "_joust"));
  CHECK(fs::exists(share / "fish" / "vendor_completions.d" / "joust.fish"));
  const fs::path doc = share / "doc" / "joust";
  CHECK(read_text(doc / "copyright") == read_text(JOUST_SOURCE_DIR "/LICENSE"));
  CHECK(read_text(doc / "README.md") == read_text(JOUST_SOURCE_DIR "/README.md"));
  CHECK(call("zcat", {(doc / "changelog.gz").string()}).out ==
        read_text(JOUST_SOURCE_DIR "/CHANGELOG.md"));
  CHECK(has(call("zcat", {(doc / "changelog.Debian.gz").string()}).out,
            "joust (" JOUST_VERSION "-1) "));
}

TEST_CASE("the pages that the installed README names are installed, too") {
  const fs::path doc = package().usr() / "share" / "doc" / "joust";
  const std::string readme = read_text(doc / "README.md");
  const std::regex page("`((runner|worker|tools/python)/[^` ]+\\.md)`");
  std::size_t pages = 0;
  for (std::sregex_iterator at(readme.begin(), readme.end(), page), end; at != end; ++at) {
    CAPTURE((*at)[1].str());
    CHECK(fs::exists(doc / (*at)[1].str()));
    ++pages;
  }
  CHECK(pages >= 8);
}

TEST_CASE("the unpacked joust plans and plays the examples that came with it") {
  const ScratchFolder folder;
  JoustOptions options = package().options();
  options.folder = folder.path();
  const fs::path examples = package().usr() / "share" / "joust" / "examples";
  CHECK(joust({"--version"}, options).out == "joust " JOUST_VERSION "\n");
  const Finished plan = joust({"plan", (examples / "oneshot-756.toml").string()}, options);
  CHECK(plan.code == 0);
  CHECK(has(plan.out, "756 worlds"));
  for (const char* name : {"prisoners-dilemma", "dilemma", "bash-oneshot", "agents"}) {
    CAPTURE(name);
    const Finished run =
        joust({"run", (examples / (std::string(name) + ".toml")).string(), "--out", name}, options);
    CAPTURE(run.err);
    CHECK(run.code == 0);
    CHECK(report_of(folder.path() / name)["complete"] == true);
  }
}

TEST_CASE("the unpacked joust names the functions in which a world crashed") {
  if (kSanitized) {
    MESSAGE("not tested with sanitizers, which have crash handlers of their own");
    return;
  }
  const ChaosRun run("\"fault task=2 attempt=1\"", "", package().options());
  REQUIRE(run.ending.code == 0);
  CHECK(has(run.stack_of(2), "joust::worlds::chaos::"));
}

TEST_CASE("the examples in C++ are built with the unpacked package, and played") {
  const ScratchFolder folder;
  const fs::path examples = package().usr() / "share" / "joust" / "examples";
  for (const char* name : {"tic-tac-toe", "my_agent"}) {
    fs::copy(examples / name, folder.path() / name);
    build_example(folder.path() / name, package().usr());
    CHECK(has(read_text(folder.path() / name / "build" / "CMakeCache.txt"),
              "joust_DIR:PATH=" + (package().usr() / "share" / "cmake" / "joust").string() + "\n"));
  }
  JoustOptions options = package().options();
  options.folder = folder.path() / "tic-tac-toe";
  const Finished played = joust({"run", "tic-tac-toe.toml", "--out", "run"}, options);
  CAPTURE(played.err);
  REQUIRE(played.code == 0);
  CHECK(report_of(options.folder / "run")["done"] == 600);
  options.folder = folder.path() / "my_agent";
  const Finished listed = joust({"worlds", "build/libmyagent.so"}, options);
  CHECK(listed.code == 0);
  CHECK(has(listed.out, "  Planner: "));
}

}  // namespace
}  // namespace joust::test
