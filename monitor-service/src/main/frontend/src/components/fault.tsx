/** Why something could not be done, read out at once; nothing while there is no such text. */
export function Fault(props: { text: string }) {
  return (
    props.text && (
      <p class="fault" role="alert">
        {props.text}
      </p>
    )
  );
}
