#pragma once
// Explores every execution of two small programs that share memory and wake each other with bells,
// as the two sides of a channel do, under a model of what the processor may do with their stores.
// Finds lost wake-ups (nobody can go on, yet not all have ended) and broken promises (a `check`
// that fails).
//
// The models. A store first goes into its thread's own buffer and reaches the memory at any later
// moment; a load sees the own buffer first. A fence waits until the buffer is empty.
//   total_store_order: stores leave the buffer in the order of the program (x86).
//   partial_store_order: stores to different words leave it in any order, but a release store only
//   behind all that were issued before it. This is weaker than any machine that joust is built for
//   in what it does to stores; loads stay in order in both (the code's loads are acquire loads).
//
// The second thread may die between any two of its operations. What it had stored still reaches the
// memory, as on real processors, and its death is seen by `wait` and `branch_if_dead`.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace joust::test {

inline constexpr std::size_t kModelRegisters = 8;
using ModelRegisters = std::array<std::uint8_t, kModelRegisters>;
using ModelValue = std::function<std::uint8_t(const ModelRegisters&)>;
using ModelCondition = std::function<bool(const ModelRegisters&)>;

enum class StoreOrder { relaxed, release };

struct ModelOperation {
  enum class Kind { store, fence, load, ring, wait, branch, branch_if_dead, set, check, end };
  Kind kind = Kind::end;
  std::size_t where = 0;  // the word, the bell or the register
  std::size_t to = 0;     // of a load: the register
  StoreOrder order = StoreOrder::relaxed;
  bool also_death = false;  // of a wait
  ModelValue value;
  ModelCondition condition;
  std::string target;  // of a branch: the label; of a check: what is promised
};

// A thread's program. Operations follow one another; `label` names the next one.
class ModelProgram {
 public:
  ModelProgram& label(const std::string& name);
  ModelProgram& store(std::size_t word, ModelValue value, StoreOrder order = StoreOrder::relaxed);
  ModelProgram& fence();
  ModelProgram& load(std::size_t word, std::size_t into);
  ModelProgram& ring(std::size_t bell);
  // Blocks until the bell was rung (and takes the ring), or, if asked, until the other is dead.
  ModelProgram& wait(std::size_t bell, bool also_death = false);
  ModelProgram& branch(ModelCondition condition, const std::string& target);
  ModelProgram& branch_if_dead(const std::string& target);
  ModelProgram& jump(const std::string& target);
  ModelProgram& set(std::size_t into, ModelValue value);
  ModelProgram& check(ModelCondition condition, const std::string& promise);
  ModelProgram& end();

  const std::vector<ModelOperation>& operations() const { return operations_; }
  std::size_t place(const std::string& label) const { return labels_.at(label); }

 private:
  ModelOperation& add(ModelOperation::Kind kind);
  std::vector<ModelOperation> operations_;
  std::map<std::string, std::size_t> labels_;
};

enum class StoreModel { total_store_order, partial_store_order };

struct ModelOutcome {
  std::size_t states = 0;  // different ones, all of them visited unless there is a fault
  std::string fault;       // empty: there is none; else what went wrong, and the shortest way there
};

// Visits every state. REQUIRES: both programs end, each register and word holds less than 256.
ModelOutcome explore(const ModelProgram& first, const ModelProgram& second, StoreModel model,
                     bool second_may_die);

}  // namespace joust::test
