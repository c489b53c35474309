#pragma once
// What a world is: one simulation or game between some competitors. A world is a pure function of
// its setup and its task; the same world with the same seed gives the same result on every machine,
// in any order, in any process. (The chaos world, which tests joust itself, is the declared
// exception.)

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/agent_setup.hpp"
#include "common/cause.hpp"
#include "common/command_setup.hpp"
#include "common/ids.hpp"
#include "common/parameters.hpp"
#include "common/resource_file.hpp"

namespace joust {

// An entrant of the tournament.
struct Competitor {
  std::string name;  // unique within the tournament
  std::string type;  // one of the world's competitor types; of a program of its own, any text
  Parameters parameters;
  AgentSetup agent = {};
  std::string plugin = {};  // the shared library that has its type, absolute; empty: the world has
  bool operator==(const Competitor&) const = default;
};

// What all worlds of one tournament share. Given to a world once per worker process.
struct WorldSetup {
  std::string world;  // the registered name, for example "scml-oneshot"
  Parameters parameters;
  std::vector<Competitor> competitors;
  std::uint32_t seats = 0;                   // competitors per world
  CommandSetup command = {};                 // of the world "command"; of others empty
  std::vector<ResourceFile> resources = {};  // for joust::Resources (common/resources.hpp)
  std::string plugin = {};  // the shared library that is the world, absolute; of others empty
  // Threads that a world may keep busy while others are played beside it: its share of the
  // processors, at least 1. Its results must not depend on it.
  std::uint32_t threads = 1;

  // Whether a worker must load a shared library to play it.
  bool needs_plugins() const {
    return !plugin.empty() ||
           std::any_of(competitors.begin(), competitors.end(),
                       [](const Competitor& each) { return !each.plugin.empty(); });
  }
};

// One world to be played. Valid only during World::play.
struct WorldTask {
  TaskIndex index = 0;
  std::uint64_t seed = 0;  // of this world: differs between any two tasks
  std::uint64_t config_seed =
      0;                  // of the configuration: shared by all its sets, rotations and runs
  std::uint64_t set = 0;  // rank of the set of competitors, lexicographic
  std::uint32_t config = 0;
  std::uint32_t rotation = 0;
  std::uint32_t run = 0;
  std::span<const std::uint32_t> seats;  // index into WorldSetup::competitors, one per seat
};

struct Counter {
  std::string name;
  double value = 0;
  bool operator==(const Counter&) const = default;
};

struct SeatResult {
  std::string agent_name;  // the world's name for the agent in that seat, for example "04Eq@0"
  double score = 0;
  // What the world counted of this agent; names unique within a seat, at most
  // kMostSeatCounters. Tables show those that they know by name.
  std::vector<Counter> counters = {};
  // Why the agent gave up this world: it crashed, was too slow or broke a rule, and the world went
  // on without it. One line; empty: it played to the end. At most kLongestForfeit bytes are kept.
  std::string forfeit = {};
  bool operator==(const SeatResult&) const = default;
};

inline constexpr std::size_t kMostSeatCounters = 1000;
inline constexpr std::size_t kLongestForfeit = 4096;

struct WorldResult {
  std::vector<SeatResult> seats;  // one per seat, in the task's order
  std::vector<Counter> counters;  // names unique within a result
  std::string payload;            // anything more that the world wants kept
  bool operator==(const WorldResult&) const = default;
};

class WorldTrace;  // common/world_trace.hpp

// How a world talks to the runner while it plays. Every function may be called from the playing
// thread only.
class WorldContext {
 public:
  virtual ~WorldContext() = default;

  // Reports `step` of `of` as reached. The first call arms the stall deadline for this attempt:
  // from then on a world that reports nothing for that long is judged to be stuck. Costs a few
  // nanoseconds.
  virtual void progress(std::uint64_t step, std::uint64_t of) = 0;

  // The run is being stopped and the world may give up early by throwing; it need not look.
  virtual bool stop_requested() const = 0;

  // 1 for the first try at this task. A world's result must not depend on it.
  virtual AttemptNumber attempt() const = 0;

  // A line for the attempt's log, which is kept if the attempt fails.
  virtual void log(std::string_view line) = 0;

  // Who wants the course of this world told at its end, or null, as in every tournament: then it
  // should cost nothing. The result must not depend on it.
  virtual WorldTrace* trace() { return nullptr; }
};

class World {
 public:
  virtual ~World() = default;

  // Called before each play() by a worker, and once when it starts: the place for what takes time
  // or starts other processes. (Worlds are also made just to check a spec.) Throws SetupError or
  // WorldFailure when no world can be played: the worker ends, and no attempt is charged.
  virtual void prepare() {}

  // Plays one world to its end. An exception fails the attempt with cause world_error and its text
  // as the detail; the World object stays in use for further tasks. A CompetitorFault also names
  // whose failure it is; any other exception is the world's own.
  virtual WorldResult play(const WorldTask& task, WorldContext& context) = 0;
};

// Thrown by World::play where more is known than that the world failed: how a process ended that
// played for it, say. The attempt fails with this cause.
struct WorldFailure : std::runtime_error {
  WorldFailure(Cause of, const std::string& text) : std::runtime_error(text), cause(of) {}
  Cause cause;
};

// Thrown by World::play when one competitor is to blame: its code threw, or broke the game's rules
// in a way that ends the world. The attempt fails with cause world_error, charged to that
// competitor.
struct CompetitorFault : std::runtime_error {
  CompetitorFault(std::uint32_t guilty_seat, const std::string& text)
      : std::runtime_error(text), seat(guilty_seat) {}
  std::uint32_t seat;  // below the number of seats of the world
};

// Thrown by WorldType::make and by checks of a spec: the text says what, which value, what to do.
struct SetupError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CompetitorType {
  std::string name;
  std::string summary;
  std::vector<ParameterInfo> parameters;
};

// A kind of world: what a spec may say about it, and how to make one.
struct WorldType {
  std::string name;
  std::string summary;
  std::uint32_t min_seats = 1;
  std::uint32_t max_seats = 64;
  std::uint32_t default_seats = 2;  // competitors per world when the spec does not say
  std::vector<ParameterInfo> parameters;
  std::vector<CompetitorType> competitor_types;
  // Another program knows the parameters and the competitor types: joust passes on, as JsonText,
  // whatever the spec says.
  bool is_open = false;
  // It lets competitors play in processes of their own (Competitor::agent).
  bool hosts_agents = false;
  // The files that its worlds give a WorldTrace; empty: they do not explain themselves.
  std::vector<std::string> tables;
  // Competitors may be of types that shared libraries have (Competitor::plugin).
  bool hosts_agent_plugins = false;
  // Throws SetupError where values that are each allowed do not fit together. The setup outlives
  // the world.
  std::unique_ptr<World> (*make)(const WorldSetup& setup) = nullptr;
};

}  // namespace joust
