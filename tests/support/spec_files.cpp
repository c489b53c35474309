#include "tests/support/spec_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace joust::test {
namespace {

ParameterInfo declare(std::string name, ParameterKind kind, ParameterValue default_value) {
  ParameterInfo info;
  info.name = std::move(name);
  info.kind = kind;
  info.default_value = std::move(default_value);
  info.summary = "for tests";
  return info;
}

ParameterInfo declare(std::string name, ParameterKind kind, ParameterValue default_value,
                      double low, double high) {
  ParameterInfo info = declare(std::move(name), kind, std::move(default_value));
  info.minimum = low;
  info.maximum = high;
  return info;
}

class ProbeWorld : public World {
 public:
  WorldResult play(const WorldTask&, WorldContext&) override { return {}; }
};

std::unique_ptr<World> make_probe(const WorldSetup& setup) {
  if (setup.parameters.get<std::int64_t>("integer") == 13) throw SetupError("13 is unlucky");
  return std::make_unique<ProbeWorld>();
}

WorldType probe_world() {
  WorldType type;
  type.name = "probe";
  type.summary = "Plays nothing.";
  type.min_seats = 2;
  type.max_seats = 4;
  type.default_seats = 3;
  type.parameters = {
      declare("boolean", ParameterKind::boolean, false),
      declare("integer", ParameterKind::integer, std::int64_t{7}, 1, 100),
      declare("real", ParameterKind::real, 0.5, 0, 1),
      declare("text", ParameterKind::text, std::string("any")),
      declare("choice", ParameterKind::text, std::string("fast")),
      declare("text_list", ParameterKind::text_list, std::vector<std::string>{"a"}),
      declare("integer_range", ParameterKind::integer_range, IntegerRange{50, 200}, 1, 10'000),
      declare("real_range", ParameterKind::real_range, RealRange{0.2, 1}, 0, 2),
      declare("duration", ParameterKind::duration, std::int64_t{250'000'000}, 0, 1e9),
      declare("size", ParameterKind::size, std::int64_t{1024}, 0, 1 << 20),
      declare("file", ParameterKind::file, std::string()),
      declare("positive", ParameterKind::real, 1.0, 0.001, std::numeric_limits<double>::max()),
  };
  type.parameters[4].choices = {"fast", "thorough"};
  type.parameters[1].unit = "steps";
  type.competitor_types = {
      {"Plain", "has a name and nothing else", {}},
      {"Tuned", "has a level", {declare("level", ParameterKind::integer, std::int64_t{5}, 1, 10)}},
      {"Scripted", "has a file", {declare("script", ParameterKind::file, std::string())}}};
  type.make = make_probe;
  return type;
}

}  // namespace

SpecFolder::SpecFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "joust-spec-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

SpecFolder::~SpecFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path SpecFolder::write(const std::string& name, std::string_view content) const {
  std::filesystem::path file = path_ / name;
  std::ofstream(file, std::ios::binary) << content;
  return file;
}

WorldRegistry probe_worlds() {
  WorldRegistry registry;
  registry.add(probe_world());
  return registry;
}

spec::LoadedSpec load_text(std::string_view text, const spec::Overrides& overrides) {
  const SpecFolder folder;
  return spec::load(folder.write("spec.toml", text), probe_worlds(), overrides);
}

spec::LoadedSpec load_example(std::string_view markdown) {
  constexpr std::string_view kFence = "```toml\n";
  std::string_view example = markdown.substr(markdown.find(kFence) + kFence.size());
  example = example.substr(0, example.find("```"));
  const SpecFolder folder;
  return spec::load(folder.write("example.toml", example), builtin_worlds(), {});
}

std::string error_of(std::string_view text, const spec::Overrides& overrides) {
  const SpecFolder folder;
  try {
    spec::load(folder.write("spec.toml", text), probe_worlds(), overrides);
  } catch (const spec::SpecError& error) {
    std::string message = error.what();
    const std::string prefix = folder.path().string() + "/";
    for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix)) {
      message.erase(at, prefix.size());
    }
    return message;
  }
  return "no error";
}

}  // namespace joust::test
