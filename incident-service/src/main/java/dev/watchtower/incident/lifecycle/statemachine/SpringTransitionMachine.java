package dev.watchtower.incident.lifecycle.statemachine;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.TransitionMachine;
import dev.watchtower.incident.lifecycle.TransitionTable;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.statemachine.StateMachine;
import org.springframework.statemachine.config.StateMachineBuilder;
import org.springframework.statemachine.config.StateMachineFactory;
import org.springframework.statemachine.state.State;
import org.springframework.statemachine.support.DefaultStateMachineContext;
import org.springframework.statemachine.support.StateMachineInterceptorAdapter;
import org.springframework.statemachine.transition.Transition;
import reactor.core.publisher.Mono;

/**
 * The transition table run by Spring Statemachine: one machine per event, made by a factory that is
 * built from the table once, put into the incident's state, fed the event on the caller's thread
 * and thrown away. It has neither guards nor actions: those swallow what they throw.
 */
public final class SpringTransitionMachine implements TransitionMachine {
  private final StateMachineFactory<IncidentState, IncidentEvent> factory;

  /** A machine for {@link TransitionTable}. */
  public SpringTransitionMachine() {
    try {
      factory = fromTable();
    } catch (Exception e) {
      throw new IllegalStateException("the transition table makes no state machine", e);
    }
  }

  private static StateMachineFactory<IncidentState, IncidentEvent> fromTable() throws Exception {
    var builder = StateMachineBuilder.<IncidentState, IncidentEvent>builder();
    builder.configureConfiguration().withConfiguration().autoStartup(false);
    builder
        .configureStates()
        .withStates()
        .initial(IncidentState.OPEN)
        .end(IncidentState.RESOLVED)
        .states(EnumSet.allOf(IncidentState.class));
    var transitions = builder.configureTransitions();
    for (var line : TransitionTable.lines()) {
      for (var from : line.from()) {
        transitions.withExternal().source(from).target(line.to()).event(line.event()).and();
      }
    }
    return builder.createFactory();
  }

  @Override
  public Optional<IncidentState> next(IncidentState from, IncidentEvent event) {
    var reached = new AtomicReference<@Nullable IncidentState>();
    var machine = factory.getStateMachine();
    machine
        .getStateMachineAccessor()
        .doWithAllRegions(region -> {
          region.addStateMachineInterceptor(new Reached(reached));
          region
              .resetStateMachineReactively(new DefaultStateMachineContext<>(from, null, null, null))
              .block();
        });
    machine.startReactively().block();
    machine.sendEvent(Mono.just(MessageBuilder.withPayload(event).build())).blockLast();
    machine.stopReactively().block();
    return Optional.ofNullable(reached.get());
  }

  /**
   * Notes the state that the event leads to. The answer of {@code sendEvent} says less: it can be
   * ACCEPTED without any change.
   */
  private static final class Reached
      extends StateMachineInterceptorAdapter<IncidentState, IncidentEvent> {
    private final AtomicReference<@Nullable IncidentState> reached;

    Reached(AtomicReference<@Nullable IncidentState> reached) {
      this.reached = reached;
    }

    @Override
    public void preStateChange(
        State<IncidentState, IncidentEvent> state,
        @Nullable Message<IncidentEvent> message,
        @Nullable Transition<IncidentState, IncidentEvent> transition,
        StateMachine<IncidentState, IncidentEvent> machine,
        StateMachine<IncidentState, IncidentEvent> root) {
      // Starting the machine also enters a state, without a message.
      if (message != null) {
        reached.set(state.getId());
      }
    }
  }
}
