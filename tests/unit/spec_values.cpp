// What a correct spec resolves to.

#include <doctest/doctest.h>

#include <set>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "common/text.hpp"
#include "runner/machine/processors.hpp"
#include "runner/spec/names.hpp"
#include "runner/spec/schema.hpp"
#include "runner/spec/workers.hpp"
#include "tests/support/spec_files.hpp"

namespace joust {
namespace {

using test::load_text;

const std::string& small() {
  static const std::string text = R"([tournament]
name = "small"
[[competitor]]
type = "Plain"
[[competitor]]
type = "Tuned"
[[competitor]]
type = "Scripted"
[world]
name = "probe"
)";
  return text;
}

const spec::ResolvedKey& key_of(const spec::LoadedSpec& spec, std::string_view name) {
  const auto found = std::find_if(spec.keys.begin(), spec.keys.end(),
                                  [name](const spec::ResolvedKey& key) { return key.key == name; });
  INFO("looking for ", std::string(name));
  REQUIRE(found != spec.keys.end());
  return *found;
}

TEST_CASE("a small spec takes the documented defaults") {
  const spec::LoadedSpec spec = load_text(small());
  const Tournament& t = spec.tournament;
  CHECK(spec.text == small());
  CHECK(t.name == "small");
  CHECK(t.shape.competitors == 3);
  CHECK(t.shape.per_world == 3);
  CHECK(t.shape.configs == 5);
  CHECK(t.shape.runs == 1);
  CHECK(t.shape.seed == 0);
  CHECK(t.metric == Metric::truncated_mean);
  CHECK(t.setup.world == "probe");
  CHECK(t.setup.seats == 3);
  CHECK(t.setup.parameters.get<std::int64_t>("integer") == 7);
  CHECK(t.setup.parameters.get<IntegerRange>("integer_range") == IntegerRange{50, 200});
  CHECK(t.setup.competitors.at(1) == Competitor{"Tuned", "Tuned", [] {
                                                  Parameters parameters;
                                                  parameters.set("level", std::int64_t{5});
                                                  return parameters;
                                                }()});
  const PoolOptions defaults;
  CHECK(t.pool.workers == machine::look_at_processors().usable());
  CHECK(t.pool.attempts == defaults.attempts);
  CHECK(t.pool.retry_backoff == defaults.retry_backoff);
  CHECK(t.pool.world_deadline == defaults.world_deadline);
  CHECK(t.pool.stall_timeout == defaults.stall_timeout);
  CHECK(t.pool.frozen_timeout == defaults.frozen_timeout);
  CHECK(t.pool.start_timeout == defaults.start_timeout);
  CHECK(t.pool.total_deadline == Duration::max());
  CHECK(t.pool.terminate_grace == defaults.terminate_grace);
  CHECK(t.pool.max_deaths_without_progress == defaults.max_deaths_without_progress);
  CHECK(t.pool.ring_capacity == defaults.ring_capacity);
  CHECK(t.pool.max_result == defaults.max_result);
  CHECK(t.pool.output_kept == defaults.output_kept);
  CHECK(t.pool.durable == defaults.durable);
  CHECK(spec.warnings.empty());
  CHECK(spec.inputs.empty());
}

TEST_CASE("every key of a spec reaches the tournament") {
  const spec::LoadedSpec spec = load_text(R"(
[tournament]
name = "full"
seed = 42
configs = 4
runs = 2
competitors_per_world = 2
metric = "median"
disqualify_after = 5
deadline = "12h"
[[competitor]]
type = "Tuned"
name = "B. Strong"
[competitor.parameters]
level = 9
[[competitor]]
type = "Tuned"
parameters = { level = 1 }
[world]
name = "probe"
deadline = "20s"
stall_timeout = "3s"
attempts = 7
retry_backoff = "1ms"
terminate_grace = "2s"
[world.parameters]
boolean = true
integer = 1
real = 1
text = ""
choice = "thorough"
text_list = []
integer_range = 60
real_range = [0, 0.5]
duration = "0.5s"
size = 10
[workers]
count = 3
start_timeout = "4s"
frozen_timeout = "6s"
max_deaths_without_progress = 11
ring_size = "64KiB"
max_result = "1MiB"
output_kept = 0
memory = "8GiB"
memory_reserve = "1GiB"
memory_limit = "500MiB"
recycle_above = "400MiB"
recycle_after = 10
durable = true
pin = true
nice = 12
ionice = "best-effort:7"
)");
  const Tournament& t = spec.tournament;
  CHECK(t.shape.seed == 42);
  CHECK(t.shape.configs == 4);
  CHECK(t.shape.runs == 2);
  CHECK(t.shape.per_world == 2);
  CHECK(t.metric == Metric::median);
  CHECK(t.disqualify_after == 5);
  CHECK(t.setup.competitors.at(0).name == "B. Strong");
  CHECK(t.setup.competitors.at(0).parameters.get<std::int64_t>("level") == 9);
  CHECK(t.setup.competitors.at(1).name == "Tuned");
  CHECK(t.setup.competitors.at(1).parameters.get<std::int64_t>("level") == 1);
  const Parameters& p = t.setup.parameters;
  CHECK(p.get<bool>("boolean"));
  CHECK(p.get<std::int64_t>("integer") == 1);
  CHECK(p.get<double>("real") == 1.0);
  CHECK(p.get<std::string>("text").empty());
  CHECK(p.get<std::string>("choice") == "thorough");
  CHECK(p.get<std::vector<std::string>>("text_list").empty());
  CHECK(p.get<IntegerRange>("integer_range") == IntegerRange{60, 60});
  CHECK(p.get<RealRange>("real_range") == RealRange{0, 0.5});
  CHECK(p.get<std::int64_t>("duration") == 500'000'000);
  CHECK(p.get<std::int64_t>("size") == 10);
  CHECK(t.pool.total_deadline == std::chrono::hours(12));
  CHECK(t.pool.world_deadline == std::chrono::seconds(20));
  CHECK(t.pool.stall_timeout == std::chrono::seconds(3));
  CHECK(t.pool.attempts == 7);
  CHECK(t.pool.retry_backoff == std::chrono::milliseconds(1));
  CHECK(t.pool.terminate_grace == std::chrono::seconds(2));
  CHECK(t.pool.workers == 3);
  CHECK(t.pool.start_timeout == std::chrono::seconds(4));
  CHECK(t.pool.frozen_timeout == std::chrono::seconds(6));
  CHECK(t.pool.max_deaths_without_progress == 11);
  CHECK(t.pool.ring_capacity == 65536);
  CHECK(t.pool.max_result == 1 << 20);
  CHECK(t.pool.output_kept == 0);
  CHECK(t.pool.durable);
  CHECK(t.pool.watch_memory);
  CHECK(t.pool.memory == 8ULL << 30);
  CHECK(t.pool.memory_reserve == 1ULL << 30);
  CHECK(t.pool.memory_limit == 500ULL << 20);
  CHECK(t.pool.recycle_above == 400ULL << 20);
  CHECK(t.pool.recycle_after == 10);
  CHECK(t.pool.pin);
  CHECK(t.pool.nice == 12);
  CHECK(t.pool.ionice == "best-effort:7");
  CHECK(t.setup.threads == 1);
  for (const spec::ResolvedKey& key : spec.keys) {
    CAPTURE(key.key);
    const std::set<std::string> left_out = {"world.kind", "world.parameters.file",
                                            "world.parameters.positive", "workers.env_allow"};
    CHECK(key.is_default == left_out.contains(key.key));
  }
}

TEST_CASE("keys come in the order of the documentation, with what they decide") {
  const spec::LoadedSpec spec = load_text(small());
  std::vector<std::string> names;
  std::vector<std::string> deciding;
  for (const spec::ResolvedKey& key : spec.keys) {
    names.push_back(key.key);
    if (key.decides_results) deciding.push_back(key.key);
  }
  const std::vector<std::string> results = {"tournament.name",
                                            "tournament.seed",
                                            "tournament.configs",
                                            "tournament.runs",
                                            "tournament.competitors_per_world",
                                            "tournament.metric",
                                            "tournament.disqualify_after",
                                            "competitors",
                                            "competitor.Plain.type",
                                            "competitor.Tuned.type",
                                            "competitor.Tuned.parameters.level",
                                            "competitor.Scripted.type",
                                            "competitor.Scripted.parameters.script",
                                            "world.name",
                                            "world.parameters.boolean",
                                            "world.parameters.integer",
                                            "world.parameters.real",
                                            "world.parameters.text",
                                            "world.parameters.choice",
                                            "world.parameters.text_list",
                                            "world.parameters.integer_range",
                                            "world.parameters.real_range",
                                            "world.parameters.duration",
                                            "world.parameters.size",
                                            "world.parameters.file",
                                            "world.parameters.positive"};
  CHECK(deciding == results);
  CHECK(names.front() == "tournament.name");
  CHECK(names.back() == "workers.env_allow");
  CHECK(names.size() == results.size() + 1 + 6 + 17);  // deadline, [world], [workers]
  CHECK(spec.deciding().size() == results.size());
  CHECK(key_of(spec, "tournament.deadline").value == "\"none\"");
  CHECK(key_of(spec, "workers.count").value == "\"auto\"");
  CHECK(key_of(spec, "world.parameters.integer").note == "steps, 1 to 100");
  CHECK(key_of(spec, "competitors").value == R"(["Plain", "Tuned", "Scripted"])");
  CHECK(key_of(spec, "world.name").value == "\"probe\"");
}

TEST_CASE("the pool and the deadlines do not decide results; a seed, an order or a file does") {
  const auto identity = [](std::string_view text) { return load_text(text).deciding(); };
  const auto base = identity(small());
  CHECK(identity(small() + "deadline = \"1m\"\nattempts = 9\n[workers]\ncount = 7\n"
                           "pin = true\nnice = 3\nionice = \"idle\"\n") == base);
  CHECK(identity(small() + "[world.parameters]\ninteger = 7\n") ==
        base);  // the default, written out
  CHECK(identity(small() + "[world.parameters]\ninteger = 8\n") != base);
  std::string swapped = small();
  swapped.replace(swapped.find("Plain"), 5, "Other");
  swapped.replace(swapped.find("Tuned"), 5, "Plain");
  swapped.replace(swapped.find("Other"), 5, "Tuned");
  CHECK(identity(swapped) != base);
  CHECK(load_text(small(), {{}, "1", {}}).deciding() != base);
  CHECK(load_text(small(), {{}, {}, "5"}).deciding() == base);
}

TEST_CASE("the command line goes over the file") {
  const spec::LoadedSpec spec = load_text(small(), {"other", "99", "4"});
  CHECK(spec.tournament.name == "other");
  CHECK(spec.tournament.shape.seed == 99);
  CHECK(spec.tournament.pool.workers == 4);
  CHECK(key_of(spec, "tournament.name").value == "\"other\"");
  CHECK(key_of(spec, "tournament.seed").value == "99");
  CHECK(key_of(spec, "tournament.seed").note == "from --seed");
  CHECK_FALSE(key_of(spec, "tournament.seed").is_default);
  CHECK(key_of(spec, "workers.count").value == "4");
  CHECK(load_text(small(), {{}, {}, "auto"}).tournament.pool.workers ==
        machine::look_at_processors().usable());
}

TEST_CASE("files that a spec names are read beside it, and from the inputs on a resume") {
  const test::SpecFolder folder;
  const std::string text = small() + "[world.parameters]\nfile = \"data/w.txt\"\n" +
                           "[[competitor]]\ntype = \"Scripted\"\nname = \"A b\"\n" +
                           "parameters.script = \"s.py\"\n";
  std::filesystem::create_directory(folder.path() / "data");
  folder.write("data/w.txt", "world\n");
  folder.write("s.py", "play()");
  const auto file = folder.write("spec.toml", text);
  const spec::LoadedSpec spec = spec::load(file, test::probe_worlds(), {});
  CHECK(spec.tournament.setup.parameters.get<std::string>("file") == "world\n");
  CHECK(spec.tournament.setup.competitors.back().parameters.get<std::string>("script") == "play()");
  REQUIRE(spec.inputs.size() == 2);
  CHECK(spec.inputs.at("world.parameters.file") == "world\n");

  const std::filesystem::path inputs = folder.path() / "inputs";
  std::filesystem::create_directory(inputs);
  for (const auto& [name, content] : spec.inputs) folder.write("inputs/" + name, content);
  folder.write("s.py", "changed()");
  std::filesystem::remove(folder.path() / "data/w.txt");
  const spec::LoadedSpec resumed = spec::load(file, test::probe_worlds(), {}, inputs);
  CHECK(resumed.deciding() == spec.deciding());
  CHECK(resumed.tournament.setup.competitors == spec.tournament.setup.competitors);
}

TEST_CASE("things that look like mistakes are warned about, and nothing else") {
  CHECK(load_text(small() + "deadline = \"10s\"\n").warnings.empty());
  CHECK(load_text(small() + "deadline = \"10s\"\nstall_timeout = \"20s\"\n").warnings ==
        std::vector<std::string>{
            "'stall_timeout' (20s) has no effect: the world's 'deadline' (10s) comes first"});
  std::string huge = small();
  huge.insert(huge.find("[[competitor]]"), "configs = 1000000\nruns = 1000000\n");
  CHECK(load_text(huge).warnings ==
        std::vector<std::string>{"this tournament has 3000000000000 worlds; 'joust plan' shows "
                                 "where they come from"});
}

TEST_CASE("competitors that are all named by numbers are warned about") {
  const auto warnings = [](const std::vector<std::string>& names) {
    std::vector<Competitor> competitors;
    for (const std::string& name : names) {
      competitors.push_back({.name = name, .type = "", .parameters = {}});
    }
    return spec::competitor_names_warning(competitors);
  };
  CHECK(warnings({"007", "-inf", "1e5", "2.5"}) ==
        "all competitors' names are numbers ('007'): pandas reads such a column of the tables as "
        "numbers, not as names; a letter in one of them prevents that");
  CHECK(warnings({"007", "A7"}).empty());
  CHECK(warnings({"0x10", "0X11"}).empty());  // pandas knows no hexadecimal
  CHECK(warnings({}).empty());
}

}  // namespace
}  // namespace joust
